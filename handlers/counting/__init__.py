"""Counting from house to house, and the counting method of a number."""
