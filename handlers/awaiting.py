"""A sentence that is awaited outside of a report: kept in the place, taken away when it came."""

from dataclasses import replace

from criteria.conversation import Place
from handlers.turn import Turn
from storage import conversations
from storage.conversations import Conversation


def wait_for(turn: Turn, *what: str) -> None:
    """Keep what the next typed text is about; the first word names who takes it."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    _keep(turn, kept, what)


def awaited(kept: Conversation | None) -> tuple[str, ...]:
    """What is awaited; empty when nothing is."""
    return Place.from_json(kept.place).awaiting if kept is not None else ()


def stop_waiting(turn: Turn) -> None:
    """The person turned to something else, or the sentence came."""
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    if awaited(kept):
        _keep(turn, kept, ())


def _keep(turn: Turn, kept: Conversation | None, what: tuple[str, ...]) -> None:
    place = replace(Place.from_json(kept.place if kept else None), awaiting=what)
    conversations.annotate_place(turn.tx, turn.person.id, place.to_json(), turn.now)
