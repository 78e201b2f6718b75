"""The officer's desk: the bot's screens and actions as pages and forms, and tables of its own."""
