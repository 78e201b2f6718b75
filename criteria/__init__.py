"""The pure domain: criteria sets, reading replies, the conversation's next step, scoring.

No await, no clock, no I/O beyond reading the package's own data; `now` is always an argument.
"""
