"""The front door, open to anyone: the directory, each space's page, the rules, the open data."""
