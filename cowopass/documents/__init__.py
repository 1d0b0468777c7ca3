"""A month in files: its papers, the statements, and exports for other programs."""
