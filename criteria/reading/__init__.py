"""Reading typed replies in Vietnamese, as people in the communes write them.

A reply is a value only if every word of it is understood (docs/decisions/0021-careful-reading.md).
"""

from criteria.reading.counting_method import read_counting_method
from criteria.reading.numbers.items import areas_named
from criteria.reading.outcome import All, Command, Kind, Outcome, Reading, Reason
from criteria.reading.reading import Explanation, explain, read, read_confirmation

__all__ = [
    "All",
    "Command",
    "Explanation",
    "Kind",
    "Outcome",
    "Reading",
    "Reason",
    "areas_named",
    "explain",
    "read",
    "read_confirmation",
    "read_counting_method",
]
