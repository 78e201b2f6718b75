"""Communes and their areas: figures, names, and the roster that changes them."""
