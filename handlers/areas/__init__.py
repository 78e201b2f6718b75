"""The areas of a commune in the chat: figures, names, mergers and splits."""
