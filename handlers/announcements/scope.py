"""Whom somebody may write to: an officer the people of a commune, an operator those of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass

from handlers.flow.context import Context
from handlers.flow.press import Press
from handlers.officer import access
from handlers.operator.communes import operated
from storage import notices, rounds
from storage.notices import Audience, Notice
from storage.places import Commune

OVER_COMMUNES = 0  # in the place of a commune: all that the operator has
_OF_A_COMMUNE: tuple[Audience, ...] = ("all", "late", "area")
_OF_SEVERAL: tuple[Audience, ...] = ("officers", "all", "late")


@dataclass(frozen=True, slots=True)
class Scope:
    """The communes written to, and the number that stands for them in a button."""

    number: int
    communes: tuple[Commune, ...]

    @property
    def commune_id(self) -> int | None:
        """The one commune; None for an operator's."""
        return self.number or None

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The kinds of readers there are."""
        return _OF_A_COMMUNE if self.number else _OF_SEVERAL


def scope_of(context: Context, number: int | None) -> Scope | None:
    """What the person may write to under this number, by the roles of this moment."""
    if number == OVER_COMMUNES:
        return Scope(number, tuple(operated(context))) if context.operator else None
    commune = access.commune(context, number)
    return Scope(commune.id, (commune,)) if commune is not None else None


def written(context: Context, press: Press) -> Notice | None:
    """A notice of the person's commune, or one of their own over several."""
    found = notices.notice(context.tx, press.number(0) or 0)
    if found is None:
        return None
    if found.commune_id is None:
        return found if context.operator and found.written_by == context.person.id else None
    return found if found.commune_id in context.office_communes else None


def readers(
    context: Context, scope: Scope, audience: Audience, unit_id: int | None
) -> Mapping[int, str]:
    """Who would get it, with the language they read; never the writer."""
    ids = [one.id for one in scope.communes]
    if audience == "area":
        found = notices.readers_of_unit(context.tx, unit_id or 0)
    elif audience == "late":
        open_ = [one.id for one in rounds.open_rounds_of(context.tx, ids, context.now)]
        found = notices.late_readers(context.tx, open_)
    else:
        role = "officer" if audience == "officers" else "reporter"
        found = notices.readers(context.tx, role, ids)
    return {person: language for person, language in found.items() if person != context.person.id}
