"""Invoices between spaces: who owes whom a paper, its numbers, its Factur-X file."""
