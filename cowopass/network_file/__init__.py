"""The network file: what `cowopass load` reads of networks, agreements, spaces and plans."""
