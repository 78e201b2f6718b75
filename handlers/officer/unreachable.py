"""Whom no message reaches: a list to telephone, by area, with who else is in that team."""

from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.page import back, page_of, turning
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.texts import Html
from storage import people
from storage.people import Member

_PAGE = 6


def _list(context: Context, press: Press, said: Said) -> Screen | None:
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    found = people.unreachable_of_commune(context.tx, commune.id)
    shown, page, pages = page_of(found, press.number(1) or 0, _PAGE)
    key = "unreachable.title" if found else "unreachable.nobody"
    lines: list[str] = [texts.say(key, commune=commune.name, count=len(found))]
    for one in shown:
        lines += ["", *_lines(context, one)]
    rows = turning(page, pages, lambda to: pack("m.gone", commune.id, to), texts)
    return Screen("\n".join(lines), (*rows, back(texts, "m.hub", commune.id)))


def _lines(context: Context, one: Member) -> list[Html]:
    """Who, since when, and who of the same team can be asked."""
    texts, role = context.texts, one.membership
    since = one.person.unreachable_since
    lines = [
        texts.say(
            "unreachable.one",
            name=access.name_of(one, texts),
            label=f" ({role.label})" if role.label else "",
            place=access.place_text(context, role.role, role.unit_id, texts),
            since=Html(texts.day(since, context.deployment.zone)) if since is not None else "",
        )
    ]
    team = people.members_of_unit(context.tx, role.unit_id) if role.unit_id is not None else []
    others = [
        access.name_of(held, texts)
        for held in team
        if held.person.id != one.person.id and held.person.unreachable_since is None
    ]
    if role.unit_id is not None:
        key = "unreachable.team" if others else "unreachable.alone"
        lines.append(texts.say(key, names=", ".join(others)))
    return lines


STEPS = Steps(views={"m.gone": _list})
