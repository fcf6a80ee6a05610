"""Objectives and key results: the cascade from the company down to a task."""
