"""The people to whom a person may write: an officer to a commune's, an operator to theirs."""

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

OVER_COMMUNES = 0  # instead of a commune's id: all communes of the operator
_OF_A_COMMUNE: tuple[Audience, ...] = ("all", "late", "area")
_OF_SEVERAL: tuple[Audience, ...] = ("officers", "all", "late")


@dataclass(frozen=True, slots=True)
class Scope:
    """The communes to write to, and the number that represents them in an address."""

    id: int
    communes: tuple[Commune, ...]
    group: str | None = None  # of an operator for some communes only

    @property
    def commune_id(self) -> int | None:
        """The commune's id; None for an operator's communes."""
        return self.id or None

    @property
    def audiences(self) -> tuple[Audience, ...]:
        """The kinds of readers to choose from."""
        return _OF_A_COMMUNE if self.id else _OF_SEVERAL

    def name(self, texts: Texts) -> str:
        """Return the name of the sender: the commune, or the operator."""
        if self.id:
            return self.communes[0].name
        return with_group(texts, "written.operator", self.group)


def scope_of_writer(loading: Loading) -> object:
    """Return the scope that the person's present roles allow; else GONE."""
    if loading.number == OVER_COMMUNES:
        context = loading.context
        if not context.operator:
            return GONE
        return Scope(OVER_COMMUNES, tuple(operated(context)), group_names(context))
    commune = commune_of_office(loading)
    return Scope(commune.id, (commune,)) if isinstance(commune, Commune) else GONE


OwnScope = Annotated[Scope, scope_of_writer]


def may_read(context: Context, one: Notice) -> bool:
    """Return whether a notice is of the person's commune, or their own to several communes."""
    if one.commune_id is not None:
        return one.commune_id in context.office_communes
    return context.operator and one.written_by == context.person.id


def readers(
    context: Context, scope: Scope, audience: Audience, unit: Unit | None = None
) -> Mapping[int, str]:
    """Return the ids and languages of the people who would receive it, without the writer."""
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
