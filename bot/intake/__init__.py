"""Incoming updates: store them, handle them chat by chat, fetch the files that they name."""
