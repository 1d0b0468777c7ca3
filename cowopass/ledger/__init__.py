"""Periods, settlement lines, entries, disputes: the append-only record."""
