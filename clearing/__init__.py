"""What spaces owe each other: the pure rules of charges, months, netting and proof.

Standard library only, no input or output but in `__main__`: a space that doubts its network can
install this package alone and recompute a month with `python -m clearing month.json`.
"""
