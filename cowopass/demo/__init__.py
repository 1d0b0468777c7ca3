"""A demonstration: two networks, some hundreds of holders and three past months."""
