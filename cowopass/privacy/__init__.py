"""Forgetting in time: what is held on a person, told to her, erased, and purged by itself."""
