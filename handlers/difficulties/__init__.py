"""Difficulties of areas: raised, answered, passed up, settled; each step is notified."""
