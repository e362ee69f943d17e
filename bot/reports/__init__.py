"""Summaries and documents made from the one account of a plan."""
