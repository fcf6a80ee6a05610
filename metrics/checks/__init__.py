"""Checks of what was handed in: the rules between metrics, and the conditions that the dictionary sets each metric."""
