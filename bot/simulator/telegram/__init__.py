"""A strict local Telegram: its Bot API over HTTP, and the telephones of people who use it."""
