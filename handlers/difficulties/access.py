"""Who reads a difficulty, and as what: arguments of routes, and whose turn it is."""

from typing import Literal

from handlers.flow.arguments import by_id
from handlers.flow.context import Context
from handlers.flow.routes import Arguments, argument
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


class OfDifficulty(Arguments):
    """A difficulty that the person may read."""

    one: Difficulty = argument(
        by_id(difficulties.difficulty_by_id, lambda c, one: reader_of(c, one) is not None)
    )


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
