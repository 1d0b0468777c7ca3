"""Networks, their keys, their agreements."""
