"""Whom somebody may write to: an officer the people of a commune, an operator those of theirs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading
from handlers.officer.access import commune_of_office
from handlers.operator.communes import group_names, operated, with_group
from handlers.texts import Texts
from storage.messages import notices
from storage.messages.notices import Audience, Notice
from storage.places.places import Commune, Unit
from storage.rounds import rounds

OVER_COMMUNES = 0  # in the place of a commune: all that the operator has
_OF_A_COMMUNE: tuple[Audience, ...] = ("all", "late", "area")
_OF_SEVERAL: tuple[Audience, ...] = ("officers", "all", "late")


@dataclass(frozen=True, slots=True)
class Scope:
    """The communes written to, and the number that stands for them in an address."""

    id: int
    communes: tuple[Commune, ...]
    group: str | None = None  # of an operator who has not all communes

    @property
    def commune_id(self) -> int | None:
        """The one commune; None for an operator's."""
        return self.id or None

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The kinds of readers there are."""
        return _OF_A_COMMUNE if self.id else _OF_SEVERAL

    def name(self, texts: Texts) -> str:
        """Who writes: the commune, or the operator."""
        if self.id:
            return self.communes[0].name
        return with_group(texts, "written.operator", self.group)


def scope_of_writer(loading: Loading) -> object:
    """Return what the person may write to, by the present roles; else GONE."""
    if loading.number == OVER_COMMUNES:
        context = loading.context
        if not context.operator:
            return GONE
        return Scope(OVER_COMMUNES, tuple(operated(context)), group_names(context))
    commune = commune_of_office(loading)
    return Scope(commune.id, (commune,)) if isinstance(commune, Commune) else GONE


OwnScope = Annotated[Scope, scope_of_writer]


def writes(context: Context, one: Notice) -> bool:
    """Whether a notice is of the person's commune, or one of their own over several."""
    if one.commune_id is not None:
        return one.commune_id in context.office_communes
    return context.operator and one.written_by == context.person.id


def readers(
    context: Context, scope: Scope, audience: Audience, unit: Unit | None = None
) -> Mapping[int, str]:
    """Return the people who would receive it, with their languages; never the writer."""
    ids = [one.id for one in scope.communes]
    if audience == "area":
        found = notices.readers_of_unit(context.tx, unit.id if unit is not None else 0)
    elif audience == "late":
        open_ = [one.id for one in rounds.open_rounds_of(context.tx, ids, context.now)]
        found = notices.late_readers(context.tx, open_)
    else:
        role = "officer" if audience == "officers" else "reporter"
        found = notices.readers(context.tx, role, ids)
    return {person: language for person, language in found.items() if person != context.person.id}
