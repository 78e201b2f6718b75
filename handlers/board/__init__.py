"""Signing in to the board in a browser from the chat, and its open sessions."""
