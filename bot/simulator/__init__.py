"""A local Telegram: a Bot API server, telephones in a browser page, and the tests' double in one.

It imports nothing from the rest of the program, so it can't share a mistake with the program.
"""
