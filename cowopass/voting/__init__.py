"""Votes: what spaces propose, how they decide, and what follows from it."""
