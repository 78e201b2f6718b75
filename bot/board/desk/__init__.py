"""The officer's desk: the bot's screens and actions as pages and forms, with tables of its own."""
