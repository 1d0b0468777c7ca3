"""Spaces, their identity, their prices."""
