"""The members of a commune by area, one member with its actions, and unreachable people."""

from html import unescape

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import pack
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, screen
from handlers.officer import access
from handlers.officer.access import OfficeCommune, OfficeMember, OfficeUnit, name_of, place_of
from handlers.texts import Html, plain
from storage.people import people
from storage.people.people import Member
from storage.places import places
from storage.places.places import Unit

_MEMBERS_PAGE = 4
_UNREACHABLE_PAGE = 6
_NAMES_LENGTH = 300
_SHORTEST = 5  # letters of "cán bộ"


@screen("m.people", right=OFFICER)
def all_places(context: Context, commune: OfficeCommune) -> Screen:
    """Show the office and the areas, each with its number of members; mark those without any."""
    texts = context.texts
    members = people.people_of_commune(context.tx, commune.id)
    areas = access.areas_now(context, commune.id)
    empty = [one for one in areas if not any(m.membership.unit_id == one.id for m in members)]
    left = _left_behind(context, commune.id)
    page = ScreenBuilder(context).say("people.title", commune=commune.name).say("people.hint")
    for key, some in (("people.empty", empty), ("people.left_behind", left)):
        if some:
            names = texts.listed((texts.unit(one) for one in some), most=_NAMES_LENGTH)
            page.line().say(key, count=len(some), names=names)
    every = [places.office_of(context.tx, commune.id), *left, *areas]

    def label(one: Unit) -> Button:
        count = sum(_is_of(m, one) for m in members)
        mark = "⚠️ " if one in left else ""
        return Button(f"{mark}{_unit(context, one)} · {count}", one_place.data(one))

    page.listed(access.narrowed(context, every), label, all_places, commune)
    return page.back(to("m.hub", commune.id)).screen()


def _left_behind(context: Context, commune_id: int) -> list[Unit]:
    """Return the areas that ended by a merger or division and still have members."""
    today = access.today(context).isoformat()
    areas = places.units_of(context.tx, commune_id)
    ended = [one for one in areas if one.valid_to is not None and one.valid_to < today]
    return [one for one in ended if people.members_of_unit(context.tx, one.id)]


@all_places.text
def take_place(context: Context, text: str, commune: OfficeCommune) -> Next | None:
    """Open the area with the typed name."""
    return _named_place(context, commune.id, text)


def _named_place(context: Context, commune_id: int, text: str) -> Next | None:
    """Return the screen of a present area, an ended area or the officials, by a typed name."""
    named = places.areas_named(context.tx, commune_id, text)
    found = [one for one in named if one.valid(access.today(context))]
    if not found:
        left = _left_behind(context, commune_id)
        found = [one for one in named if one in left]
    words = plain(text)
    officials = plain(context.texts.say("people.officials"))
    if not found and len(words) >= _SHORTEST and words in officials:
        found = [places.office_of(context.tx, commune_id)]
    return access.next_screen_for(all_places.at(commune_id), found, one_place.at)


@screen("m.unit", right=OFFICER)
def one_place(context: Context, unit: OfficeUnit) -> Screen:
    """Show the members of one area, or the commune's officers and leaders."""
    texts, found = context.texts, _members(context, unit)
    page = ScreenBuilder(context).say("people.unit_title", unit=_unit(context, unit)).line()
    page.line(*[_line(context, one) for one in found] or [texts.say("people.nobody")])
    page.listed(
        access.narrowed(context, found),
        lambda one: Button(f"👤 {name_of(one.person, texts)}", one_member.data(one)),
        one_place,
        unit,
        size=_MEMBERS_PAGE,
    )
    if unit.office:
        page.button("people.button.invite", to("m.iwho", unit.commune_id))
    elif unit.valid(access.today(context)):
        page.button("people.button.invite", to("m.iset", unit.commune_id, "r", unit.id))
    return page.back(all_places.at(unit.commune_id)).screen()


@one_place.text
def take_member(context: Context, text: str, unit: OfficeUnit) -> Next | None:
    """Open the member of this place with the typed name, or another place."""
    same = access.members_named(_members(context, unit), text, context.texts)
    if not same:
        return _named_place(context, unit.commune_id, text)
    return access.next_screen_for(context.here, same, one_member.at)


@screen("m.mem", right=OFFICER)
def one_member(context: Context, member: OfficeMember) -> Screen:
    """Show one person in one role, and buttons to change it."""
    texts, person, role = context.texts, member.person, member.membership
    name = name_of(person, texts)
    page = ScreenBuilder(context).say("people.member_title", name=name).line()
    for one in people.memberships_of(context.tx, person.id):
        if one.commune_id == role.commune_id:
            key = "people.is_labelled" if one.label else "people.is"
            page.say(key, place=place_of(context, one), label=one.label or "")
    if person.handle:
        page.say("people.handle", handle=person.handle)
    if person.unreachable_since is not None:
        page.say("people.unreachable")
    if role.role == "reporter":
        page.row(
            button(texts, "people.button.move", "m.to", role.id, "v"),
            button(texts, "people.button.add", "m.to", role.id, "t"),
        )
        page.button("people.button.hand", to("m.hand", role.id))
    swap = unescape(texts.say("people.button.swap", name=name))  # a caption isn't HTML
    page.row(Button(swap, pack("m.swap", role.id)))
    page.button("people.button.drop", to("m.drop", role.id))
    unit = role.unit_id or places.office_of(context.tx, role.commune_id or 0).id
    return page.back(one_place.at(unit)).screen()


def _line(context: Context, member: Member) -> Html:
    texts, role = context.texts, member.membership
    what = role.label or ("" if role.role == "reporter" else texts.say(f"people.role_{role.role}"))
    key = "people.line_labelled" if what else "people.line"
    line = texts.say(key, name=name_of(member.person, texts), label=what)
    return Html(f"{line} 📵") if member.person.unreachable_since is not None else line


def _unit(context: Context, unit: Unit) -> str:
    return context.texts.say("people.officials") if unit.office else context.texts.unit(unit)


def _members(context: Context, unit: Unit) -> list[Member]:
    """Return the reporters of an area; for the office, the officers and leaders."""
    if not unit.office:
        return people.members_of_unit(context.tx, unit.id)
    return [
        one for one in people.people_of_commune(context.tx, unit.commune_id) if _is_of(one, unit)
    ]


def _is_of(member: Member, unit: Unit) -> bool:
    role = member.membership
    if unit.office:
        return role.unit_id is None and role.role in {"officer", "leader"}
    return role.unit_id == unit.id


# --- unreachable people ---------------------------------------------------------------------------


@screen("m.gone", right=OFFICER)
def unreachable(context: Context, commune: OfficeCommune) -> Screen:
    """Show the people to telephone, by area, with the others of their team."""
    found = people.unreachable_of_commune(context.tx, commune.id)
    key = "unreachable.title" if found else "unreachable.nobody"
    page = ScreenBuilder(context).say(key, commune=commune.name, count=len(found))
    for _, one in page.paged(found, _UNREACHABLE_PAGE):
        _add_unreachable(context, page, one)
    page.turned(unreachable, commune)
    return page.back(to("m.hub", commune.id)).screen()


def _add_unreachable(context: Context, page: ScreenBuilder, member: Member) -> None:
    """Add a person's name, since when, and the members of the same team who can be asked."""
    texts, role, since = context.texts, member.membership, member.person.unreachable_since
    page.line().say(
        "unreachable.one",
        name=name_of(member.person, texts),
        label=f" ({role.label})" if role.label else "",
        place=place_of(context, role),
        since=texts.day(since, context.deployment.zone) if since is not None else "",
    )
    if role.unit_id is None:
        return
    team = (one.person for one in people.members_of_unit(context.tx, role.unit_id))
    others = [
        name_of(one, texts)
        for one in team
        if one.id != member.person.id and one.unreachable_since is None
    ]
    key = "unreachable.team" if others else "unreachable.alone"
    page.say(key, names=", ".join(others))
