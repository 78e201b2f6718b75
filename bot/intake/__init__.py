"""Incoming updates: stores them, handles them chat by chat, fetches evidence."""
