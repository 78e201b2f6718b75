"""Invitations: making them, joining by them, and leaving a role."""
