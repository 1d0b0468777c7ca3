"""Files in and out: load, export, statement, verify, audit, backup."""
