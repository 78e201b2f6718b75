"""The mechanism that connects messengers with the features; it imports no feature."""
