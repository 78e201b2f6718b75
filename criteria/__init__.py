"""The pure domain: criteria sets, reading of replies, the next step of a conversation, scoring.

No await, no clock, no I/O except reading the package's own data; `now` is always an argument.
"""
