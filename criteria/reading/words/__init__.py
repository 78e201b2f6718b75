"""Letters, words and tokens of a typed reply, before anything is meant by them."""
