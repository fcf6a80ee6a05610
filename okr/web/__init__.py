"""Pages of objectives and key results."""
