"""Review, lock, netting plan, payments."""
