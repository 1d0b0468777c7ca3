"""Whether figures hold: the records worked out again (audit), and files of months (verify)."""
