"""Who reads a difficulty, and as what: arguments of routes, and whose turn it is."""

from typing import Literal

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Arguments, Loading, argument
from handlers.operator.communes import operates
from storage import difficulties
from storage.difficulties import Difficulty

Reader = Literal["officer", "leader", "operator"]


def reader_of(context: Context, one: Difficulty) -> Reader | None:
    """As what the person may read it, by the roles of this moment."""
    if one.commune_id in context.office_communes:
        return "officer"
    if one.commune_id in context.communes_read:
        return "leader"
    passed = one.passed_up_at is not None
    return "operator" if passed and operates(context, one.commune_id) else None


def readable_difficulty(loading: Loading) -> object:
    """An argument: a difficulty that the person may read."""
    number = loading.number
    one = difficulties.difficulty_by_id(loading.context.tx, number) if number is not None else None
    return one if one is not None and reader_of(loading.context, one) is not None else GONE


class OfDifficulty(Arguments):
    """What an address of a difficulty carries."""

    one: Difficulty = argument(readable_difficulty)


def may_answer(one: Difficulty, reader: Reader | None) -> bool:
    """Whose turn it is: the office's until it is passed up, then the operator's."""
    turn = "operator" if one.passed_up_at is not None else "officer"
    return one.state != "settled" and reader == turn


def may_pass_up(one: Difficulty, reader: Reader | None) -> bool:
    """The office, as long as it isn't with the operator."""
    return reader == "officer" and one.state in {"open", "answered"}


def may_settle(one: Difficulty, reader: Reader | None) -> bool:
    """The office."""
    return reader == "officer" and one.state != "settled"
