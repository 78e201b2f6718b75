"""The communes for which a round is opened, and its criteria set; checked again at every step.

A step's first argument is the officer's commune, or an operator's group or all communes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from criteria.sets.set_file import SetFile
from handlers.flow.arguments import one_among
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.flow.routes import GONE, Loading
from handlers.officer.access import commune_of_office
from handlers.operator.communes import ALL, CommuneGroup, group_of_operator, groups_of
from handlers.rounds.wording import checksum
from storage.places.places import Commune
from storage.rounds import rounds
from storage.rounds.rounds import Round

FLOW = "opening a round"  # all its steps know the typed texts


@dataclass(frozen=True, slots=True)
class OfferedSet:
    """A criteria set that a new round can have; an address contains the checksum of its id."""

    file: SetFile

    @property
    def id(self) -> int:
        """Its form in an address."""
        return checksum(self.file.id)


def offered_sets(context: Context) -> Sequence[OfferedSet]:
    """Return the sets of the installation."""
    return [OfferedSet(one) for one in context.deployment.sets]


# An argument: one of these sets.
offered_set = one_among(lambda it: offered_sets(it.context))


@dataclass(frozen=True, slots=True)
class Target:
    """The communes for which a person may open a round."""

    id: int | str  # the officer's commune, or an operator's group of communes
    communes: Sequence[Commune]
    group: str | None = None  # the group's name, if it has one

    @property
    def of_office(self) -> bool:
        """Whether it is an officer's one commune."""
        return isinstance(self.id, int)


@dataclass(frozen=True, slots=True)
class Opening:
    """A round of a set that is to be opened for these communes."""

    target: Target
    criteria: OfferedSet
    open_rounds: dict[int, Round]  # the open round of the set, in each commune that has one

    @property
    def id(self) -> int:
        """The set's form in an address."""
        return self.criteria.id

    @property
    def free(self) -> list[Commune]:
        """The communes in which a round of the set can be opened."""
        return [one for one in self.target.communes if one.id not in self.open_rounds]


def target(loading: Loading) -> object:
    """Return the officer's commune, or a group of communes of an operator; else GONE."""
    group = group_of_operator(loading)
    if isinstance(group, CommuneGroup):
        return Target(group.id, group.communes, group.name)
    commune = commune_of_office(loading)
    return Target(commune.id, [commune]) if isinstance(commune, Commune) else GONE


def _opening(loading: Loading) -> object:
    """Return one of the sets, with its open rounds in the communes of the target; else GONE."""
    criteria, for_whom = offered_set(loading), loading.before["target"]
    if not isinstance(criteria, OfferedSet):
        return GONE
    ids = [one.id for one in for_whom.communes]
    tx, now = loading.context.tx, loading.context.now
    return Opening(for_whom, criteria, rounds.open_of_set(tx, ids, criteria.file.id, now))


ForWhom = Annotated[Target, target]
OfSet = Annotated[Opening, _opening]


def first_step(context: Context, target_id: int | str) -> Press:
    """Return the address of the first screen: the choice of the set if there are several."""
    sets = offered_sets(context)
    return to("p.new", target_id) if len(sets) > 1 else to("p.name", target_id, sets[0].id)


def add_way_out(context: Context, page: ScreenBuilder, of: Target) -> ScreenBuilder:
    """Add the last rows of the first screens: the choice of a group, and leaving."""
    if of.of_office:
        return page.back(to("m.rounds", of.id))
    if of.id == ALL and len(groups_of(context)) > 1:
        page.button("operating.button.group", to("o.group", "p"))
    return page.button("operating.button.desk", to("o.home"))
