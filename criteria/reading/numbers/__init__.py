"""Replies to a question for numbers: a count, a share, everybody or nobody."""
