"""Metrics over HTTP: targets, what was reached, and the files that show it."""
