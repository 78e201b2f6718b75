"""The pure domain: criteria sets, reading of replies, the next step of a conversation, scoring.

Nothing here awaits, reads a clock or does I/O, except reading the package's own data files. The
present time `now` is always an argument.
"""
