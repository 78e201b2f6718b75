"""The conversation as a pure function: place + questions + move → new place, changes, sayings."""

from criteria.conversation.advance import advance, after_difficulty, begin
from criteria.conversation.moves import Move, move_of
from criteria.conversation.onward import evening_place
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Put, Said, Send, Step, Undo

__all__ = [
    "Move",
    "Place",
    "Put",
    "Question",
    "Said",
    "Send",
    "Step",
    "Undo",
    "advance",
    "after_difficulty",
    "begin",
    "evening_place",
    "move_of",
]
