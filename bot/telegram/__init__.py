"""The messenger Telegram: read updates, show replies, make API calls."""
