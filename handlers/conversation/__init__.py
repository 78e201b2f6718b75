"""The conversation as a whole: which screen a message is for, and what answers it."""
