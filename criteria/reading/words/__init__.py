"""Letters, words and tokens of a typed reply, before their meaning is read."""
