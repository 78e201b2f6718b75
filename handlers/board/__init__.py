"""The ways from the chat to the board in a browser, and what is open there."""
