"""How long it takes to check a large file, beside named peers in the same run (docs/performance.md)."""
