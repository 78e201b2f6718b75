"""Reading the replies of Vietnamese villagers: clear, to be confirmed, to be asked again, or a command."""

from criteria.reading.outcome import All, Command, Kind, Outcome, Reading, Reason
from criteria.reading.reading import read, read_confirmation

__all__ = ["All", "Command", "Kind", "Outcome", "Reading", "Reason", "read", "read_confirmation"]
