"""The demo company: made by rules and a fixed seed, so that every installation shows the same figures."""
