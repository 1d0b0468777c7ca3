"""Check-ins: what happens when a ticket is shown."""
