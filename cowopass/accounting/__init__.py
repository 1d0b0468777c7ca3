"""A month as a space's accountant books it: entries by the French chart, to import elsewhere."""
