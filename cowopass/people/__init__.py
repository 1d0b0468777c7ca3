"""Holders, and the tokens that may act."""
