"""Difficulties of areas: raising, answering, passing up, settling; each step is notified."""
