"""Who stands behind a space: shown, changed, and told of when money would go elsewhere."""
