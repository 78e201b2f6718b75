"""Telegram as a messenger: reads updates, shows replies, makes API calls."""
