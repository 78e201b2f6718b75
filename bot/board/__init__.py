"""The board: a commune's result in a browser, with the use cases and rights of the bot."""
