"""Joining by an invitation, and making invitations."""
