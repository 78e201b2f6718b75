"""The first invitation of a commune: one for an officer, who then invites everybody else."""

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import button, page_of, to, turning
from handlers.flow.press import Press, pack
from handlers.joining.new_invitation import make
from handlers.operator.communes import operated, operates
from handlers.status.communes import named
from storage import invitations, people, places
from storage.places import Commune

_DAYS = 30
_PAGE = 5


def _listed(context: Context, press: Press, said: Said) -> Screen | None:
    """The communes in pages, those without an officer first; or those that share a typed name."""
    if not context.operator:
        return None
    texts, every = context.texts, _ordered(context)
    same = [one for one in every if str(one.id) in said]
    some, page, pages = page_of(same or every, press.number(0) or 0, _PAGE)
    lines: list[str] = [
        texts.say("operating.invite_several" if same else "operating.invite_which"),
        "",
    ]
    rows: list[tuple[Button, ...]] = []
    officers = people.officers_by_commune(context.tx, [one.id for one in some])
    for one in some:
        count = officers[one.id]
        line = "operating.invite_line" if count else "operating.invite_line_none"
        lines.append(texts.say(line, commune=one.name, count=count))
        rows.append((Button(one.name, pack("o.inv1", one.id)),))
    if not every:
        lines.append(texts.say("status.communes.none"))
    rows += turning(page, pages, lambda n: pack("o.inv", n), texts)
    rows.append((button(texts, "operating.button.desk", "o.home"),))
    return Screen("\n".join(lines), tuple(rows))


def _take_name(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The commune that a typed name means, or those that share it."""
    found = named(_ordered(context), text)
    if len(found) == 1:
        return Next(to("o.inv1", found[0].id))
    if found:
        return Next(to("o.inv"), said=tuple(str(one.id) for one in found))
    return Next(press, context.texts.say("operating.invite_unknown"), said)


def _commune(context: Context, press: Press, said: Said) -> Screen | None:
    """How many officers there are, and how many invitations wait."""
    commune = _operated(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    officers = len(people.people_of_commune(context.tx, commune.id, "officer"))
    open_ = sum(
        1
        for one in invitations.list_invitations(context.tx, commune.id)
        if one.role == "officer" and one.valid(context.now)
    )
    text = texts.say("operating.invite_one", commune=commune.name, officers=officers, waiting=open_)
    rows = (
        (button(texts, "operating.button.make", "o.make", commune.id),),
        (button(texts, "operating.button.back", "o.inv"),),
    )
    return Screen(text, rows)


def _make(context: Context, press: Press, said: Said) -> Next | None:
    """Make the invitation; the link comes as a message of its own, to be forwarded."""
    commune = _operated(context, press.number(0))
    if commune is None:
        return None
    done = context.texts.say("invites.made")
    return make(context, "officer", commune.id, None, done, uses=1, days=_DAYS, then=to("o.inv"))


def _ordered(context: Context) -> list[Commune]:
    communes = operated(context)
    officers = people.officers_by_commune(context.tx, [one.id for one in communes])
    return sorted(communes, key=lambda one: officers[one.id] > 0)


def _operated(context: Context, commune_id: int | None) -> Commune | None:
    if commune_id is None or not context.operator:
        return None
    known = places.find_commune(context.tx, commune_id)
    return known if known is not None and operates(context, commune_id) else None


STEPS = Steps(
    views={"o.inv": _listed, "o.inv1": _commune},
    deeds={"o.make": _make},
    takes={"o.inv": _take_name},
)
