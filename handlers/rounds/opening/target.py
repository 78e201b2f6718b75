"""Who opens a round, for which communes, with which set; checked anew at every step.

A step's first argument is the officer's commune, or 0 for all communes of an operator.
"""

from dataclasses import dataclass

from criteria.set_file import SetFile
from handlers.flow.channel import Button
from handlers.flow.context import Context
from handlers.flow.page import back, button, to
from handlers.flow.press import Press
from handlers.officer import access
from handlers.operator.communes import operated
from handlers.rounds.wording import tag
from storage import rounds
from storage.places import Commune
from storage.rounds import Round


@dataclass(frozen=True, slots=True)
class Errand:
    """Who opens for whom, with which set."""

    context: Context
    commune_id: int  # 0: for all of an operator
    communes: list[Commune]
    criteria: SetFile
    standing: dict[int, Round]  # the open round of the set, in each commune that has one

    @property
    def here(self) -> tuple[int, int]:
        """What every button of the errand carries first."""
        return self.commune_id, tag(self.criteria.id)

    @property
    def title(self) -> str:
        """The set's title."""
        return self.criteria.title(self.context.texts.language)

    @property
    def free(self) -> list[Commune]:
        """The communes in which a round of the set can be opened."""
        return [one for one in self.communes if one.id not in self.standing]


def way_in(context: Context, commune_id: int) -> Press:
    """The first screen: which set, unless there is only one."""
    sets = context.deployment.sets
    if len(sets) > 1:
        return to("p.new", commune_id)
    return to("p.name", commune_id, tag(sets[0].id))


def communes_of(context: Context, commune_id: int | None) -> list[Commune] | None:
    """The communes this person may open a round for; None when it isn't theirs to do."""
    if commune_id == 0:
        return operated(context) if context.operator else None
    commune = access.commune(context, commune_id)
    return [commune] if commune is not None else None


def errand_of(context: Context, press: Press) -> Errand | None:
    """The errand of a step's first two arguments, if it is this person's and the set is there."""
    communes, number = communes_of(context, press.number(0)), press.number(1)
    known = [one for one in context.deployment.sets if tag(one.id) == number]
    if communes is None or not known:
        return None
    ids = [one.id for one in communes]
    standing = rounds.open_of_set(context.tx, ids, known[0].id, context.now)
    return Errand(context, press.number(0) or 0, communes, known[0], standing)


def way_out(context: Context, commune_id: int) -> tuple[Button, ...]:
    """The last row of the first screens: out of the errand."""
    if not commune_id:
        return (button(context.texts, "operating.button.desk", "o.home"),)
    return back(context.texts, "m.rounds", commune_id)
