"""A local Telegram: Bot API server, telephones in a browser page, and the test double in one.

Imports nothing of the rest of the program, so that it can never agree with its mistakes.
"""
