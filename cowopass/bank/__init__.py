"""To the bank and back: payment files, bank statements matched to transfers, reminders."""
