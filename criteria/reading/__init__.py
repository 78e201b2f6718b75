"""Reading the replies of Vietnamese villagers."""

from criteria.reading.how import said_how
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
    "explain",
    "read",
    "read_confirmation",
    "said_how",
]
