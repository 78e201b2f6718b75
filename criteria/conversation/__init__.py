"""The conversation as a pure function of place, questions and move.

It returns the new place, the changes to store and the sentences to show.
"""

from criteria.conversation.advance import advance, after_difficulty, begin
from criteria.conversation.moves import Move, move_of
from criteria.conversation.next_question import evening_place
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Feedback, Put, Send, Step, Undo
from criteria.conversation.table import Line, WholeReport, keep_table, keeps_all, merged, table_of

__all__ = [
    "Feedback",
    "Line",
    "Move",
    "Place",
    "Put",
    "Question",
    "Send",
    "Step",
    "Undo",
    "WholeReport",
    "advance",
    "after_difficulty",
    "begin",
    "evening_place",
    "keep_table",
    "keeps_all",
    "merged",
    "move_of",
    "table_of",
]
