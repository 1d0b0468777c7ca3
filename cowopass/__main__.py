"""`python -m cowopass` is the command `cowopass`."""

from cowopass.cli import main

main()
