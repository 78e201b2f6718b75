"""A strict local Telegram: its Bot API over HTTP, and the people who use it."""
