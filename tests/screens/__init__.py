"""Every screen of the bot on one page, in both languages, from real conversations."""
