"""Who takes part: by area, one by one, with what can be done for each."""

from html import unescape

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.report.wording import unit_text
from handlers.status.view import listed as listed_names
from handlers.texts import Html, plain
from storage import people, places
from storage.people import Member
from storage.places import Unit

_MEMBERS_PAGE = 4
_NAMES_LENGTH = 300
_SHORTEST = 5  # letters of "cán bộ"


def _places(context: Context, press: Press, said: Said) -> Screen | None:
    """The office and the areas with how many take part in each, and where nobody does."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    held = people.people_of_commune(context.tx, commune.id)
    areas = access.areas_now(context, commune.id)
    empty = [one for one in areas if not any(m.membership.unit_id == one.id for m in held)]
    lines: list[str] = [texts.say("people.title", commune=commune.name), texts.say("people.hint")]
    if empty:
        names = listed_names((unit_text(one, texts) for one in empty), texts, most=_NAMES_LENGTH)
        lines += ["", texts.say("people.empty", count=len(empty), names=names)]
    left = _left_behind(context, commune.id)
    if left:
        names = listed_names((unit_text(one, texts) for one in left), texts, most=_NAMES_LENGTH)
        lines += ["", texts.say("people.left_behind", count=len(left), names=names)]
    units = access.narrowed([places.office_of(context.tx, commune.id), *areas, *left], said)

    def label(one: Unit) -> Button:
        count = sum(_is_of(m, one) for m in held)
        mark = "⚠️ " if one in left else ""
        return Button(f"{mark}{_unit(context, one)} · {count}", pack("m.unit", one.id))

    rows = listed(
        texts, units, press.number(1), label, lambda page: pack("m.people", commune.id, page)
    )
    return Screen("\n".join(lines), (*rows, back(texts, "m.hub", commune.id)))


def _left_behind(context: Context, commune_id: int) -> list[Unit]:
    """The areas that ended, merged or split, while somebody still belongs to them."""
    today = access.today(context).isoformat()
    areas = places.units_of(context.tx, commune_id)
    ended = [one for one in areas if one.valid_to is not None and one.valid_to < today]
    return [one for one in ended if people.members_of_unit(context.tx, one.id)]


def _unit_view(context: Context, press: Press, said: Said) -> Screen | None:
    """The members of one area, or the commune's officers and leaders."""
    unit = access.unit(context, press.number(0))
    if unit is None:
        return None
    texts = context.texts
    found = _members(context, unit)
    lines: list[str] = [texts.say("people.unit_title", unit=_unit(context, unit)), ""]
    lines += [_line(context, one) for one in found]
    if not found:
        lines.append(texts.say("people.nobody"))
    rows = listed(
        texts,
        [one for one in found if str(one.membership.id) in said] or found,
        press.number(1),
        lambda one: Button(f"👤 {access.name_of(one, texts)}", pack("m.mem", one.membership.id)),
        lambda page: pack("m.unit", unit.id, page),
        _MEMBERS_PAGE,
    )
    commune = unit.commune_id
    invite: tuple[Button, ...] = ()
    if unit.office:
        invite = (button(texts, "people.button.invite", "m.iwho", commune),)
    elif unit.valid(access.today(context)):
        invite = (button(texts, "people.button.invite", "m.iset", commune, "r", unit.id),)
    rows = (*rows, invite) if invite else rows
    return Screen("\n".join(lines), (*rows, back(texts, "m.people", commune)))


def _member(context: Context, press: Press, said: Said) -> Screen | None:
    """One person in one role, and what can be done."""
    held = access.member(context, press.number(0))
    if held is None:
        return None
    texts, role = context.texts, held.membership
    name = access.name_of(held, texts)
    lines = [texts.say("people.member_title", name=name), "", *_all_roles(context, held)]
    if held.person.handle:
        lines.append(texts.say("people.handle", handle=held.person.handle))
    if held.person.unreachable_since is not None:
        lines.append(texts.say("people.unreachable"))
    rows: list[tuple[Button, ...]] = []
    if role.role == "reporter":
        rows += [
            (
                button(texts, "people.button.move", "m.to", role.id, "v"),
                button(texts, "people.button.add", "m.to", role.id, "t"),
            ),
            (button(texts, "people.button.hand", "m.hand", role.id),),
        ]
    swap = unescape(texts.say("people.button.swap", name=name))  # a caption isn't HTML
    rows += [
        (Button(swap, pack("m.swap", role.id)),),
        (button(texts, "people.button.drop", "m.drop", role.id),),
    ]
    unit = role.unit_id or places.office_of(context.tx, role.commune_id or 0).id
    return Screen("\n".join(lines), (*rows, back(texts, "m.unit", unit)))


def _all_roles(context: Context, held: Member) -> list[Html]:
    """All that the person is in this commune."""
    mine = [
        one
        for one in people.memberships_of(context.tx, held.person.id)
        if one.commune_id == held.membership.commune_id
    ]
    texts = context.texts
    return [
        texts.say(
            "people.is_labelled" if one.label else "people.is",
            place=access.place_text(context, one.role, one.unit_id, texts),
            label=one.label or "",
        )
        for one in mine
    ]


def _line(context: Context, held: Member) -> Html:
    texts, role = context.texts, held.membership
    what = role.label or ("" if role.role == "reporter" else texts.say(f"people.role_{role.role}"))
    key = "people.line_labelled" if what else "people.line"
    line = texts.say(key, name=access.name_of(held, texts), label=what)
    return Html(f"{line} 📵") if held.person.unreachable_since is not None else line


def _unit(context: Context, unit: Unit) -> str:
    return context.texts.say("people.officials") if unit.office else unit_text(unit, context.texts)


def _members(context: Context, unit: Unit) -> list[Member]:
    """Who reports for an area; the officers and leaders for the office."""
    if not unit.office:
        return people.members_of_unit(context.tx, unit.id)
    return [
        one for one in people.people_of_commune(context.tx, unit.commune_id) if _is_of(one, unit)
    ]


def _is_of(held: Member, unit: Unit) -> bool:
    role = held.membership
    if unit.office:
        return role.unit_id is None and role.role in {"officer", "leader"}
    return role.unit_id == unit.id


def _take_place(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """An area by its name, one that ended when there is none of today; or the officials."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    found = access.named(context, commune.id, text)
    if not found:
        left = _left_behind(context, commune.id)
        found = [one for one in places.areas_named(context.tx, commune.id, text) if one in left]
    words = plain(text)
    if (
        not found
        and len(words) >= _SHORTEST
        and words in plain(context.texts.say("people.officials"))
    ):
        found = [places.office_of(context.tx, commune.id)]
    return access.going(press, found, lambda one: to("m.unit", one.id))


def _take_member(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """Somebody of this place by their name, or another place."""
    unit = access.unit(context, press.number(0))
    if unit is None:
        return None
    same = access.called(_members(context, unit), text, context.texts)
    if not same:
        return _take_place(context, to("m.people", unit.commune_id), (), text)
    if len(same) > 1:
        return Next(press, said=tuple(str(one.membership.id) for one in same))
    return Next(to("m.mem", same[0].membership.id))


STEPS = Steps(
    views={"m.people": _places, "m.unit": _unit_view, "m.mem": _member},
    takes={"m.people": _take_place, "m.unit": _take_member},
)
