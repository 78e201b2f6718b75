"""The board: a commune's result in a browser, over the same use cases and rights as the bot's."""
