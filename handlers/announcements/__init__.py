"""Notices that an officer or operator writes to many, and what became of them."""
