"""Counting from house to house, and how a number was counted."""
