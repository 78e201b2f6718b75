"""Difficulties that areas report, with their photos."""
