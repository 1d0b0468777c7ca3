"""The service: web, database, clock and files around the pure packages `wallet` and `clearing`."""
