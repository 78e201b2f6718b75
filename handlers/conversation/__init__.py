"""The handling of updates: which screen a message is for, and the reply to it."""
