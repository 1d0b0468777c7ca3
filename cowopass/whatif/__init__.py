"""Trying a rule: what people type, what it would have made of real months, and how it is drawn."""
