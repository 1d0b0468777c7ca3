"""One change each, in the order of their numbers; each can be taken back."""
