"""Changes of roles: another area, one more, another person, a new telephone, or the end."""

from typing import Annotated

from handlers.flow.arguments import one_among, one_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.joining.new_invitation import make
from handlers.messages import notifications
from handlers.officer import access
from handlers.officer.access import OfficeMember, Reporter, name_of, place_of
from handlers.report.unconfirmed import has_unconfirmed
from handlers.texts import Texts
from storage.people import people, reporters, roles
from storage.people.people import Member, Person
from storage.places import places
from storage.places.places import Unit

_MOVE, _MORE = "v", "t"
_HAND_PAGE = 4
_SWAP_DAYS = 7


# --- another area, or one more ------------------------------------------------------------------


def _free_areas(context: Context, member: Member) -> list[Unit]:
    """Return the areas of the commune for which this person doesn't report yet."""
    mine = {one.unit_id for one in people.memberships_of(context.tx, member.person.id)}
    areas = access.areas_now(context, member.membership.commune_id or 0)
    return [one for one in areas if one.id not in mine]


Change = Annotated[str, one_of(_MOVE, _MORE)]
FreeArea = Annotated[Unit, one_among(lambda it: _free_areas(it.context, it.before["member"]))]


@screen("m.to", right=OFFICER)
def choose_area(context: Context, member: Reporter, kind: Change) -> Screen:
    """Ask which area the person is to have, instead of theirs or in addition to it."""
    texts, areas = context.texts, access.narrowed(context, _free_areas(context, member))
    key = "people.move_where" if kind == _MOVE else "people.add_where"
    page = ScreenBuilder(context).say(key, name=name_of(member.person, texts))

    def label(one: Unit) -> Button:
        return Button(texts.unit(one), confirm_area.data(member, kind, one))

    page.listed(areas, label, choose_area, member, kind)
    return page.back(to("m.mem", member.id)).screen()


@choose_area.text
def take_area(context: Context, text: str, member: Reporter, kind: Change) -> Next | None:
    """Ask about the area with the typed name."""
    free = _free_areas(context, member)
    return access.by_name(context, free, text, lambda one: confirm_area.at(member, kind, one))


@screen("m.toc", right=OFFICER)
def confirm_area(context: Context, member: Reporter, kind: Change, unit: FreeArea) -> Screen:
    """Ask whether the person is to have this area."""
    page = ScreenBuilder(context).say(
        "people.move_ask" if kind == _MOVE else "people.add_ask",
        name=name_of(member.person, context.texts),
        old=place_of(context, member.membership),
        unit=context.texts.unit(unit),
    )
    page.button("button.right", to_area.at(member, kind, unit))
    return page.back(choose_area.at(member, kind)).screen()


@action("m.toy", right=OFFICER)
def to_area(context: Context, member: Reporter, kind: Change, unit: FreeArea) -> Next:
    """Give the area to the person."""
    texts, person = context.texts, member.person
    name, new = name_of(person, texts), texts.unit(unit)
    if kind == _MOVE:
        old = place_of(context, member.membership)
        lost = _loses_answer(context, member)
        roles.move_role(context.tx, member, unit.id, **context.authorship)
        open_areas = reporters.areas_until_close(context.tx, person.id, context.now)
        end = "_until_close" if member.membership.unit_id in open_areas else ""
        lost = lost and not end
        _tell(context, person, f"notice.moved{end}", unit=new, report=True, lost=lost, old=old)
        done = texts.say(f"people.moved{end}", name=name, unit=new, old=old)
    else:
        roles.give_area(context.tx, person.id, unit.id, unit.commune_id, **context.authorship)
        _tell(context, person, "notice.added", unit=new, report=True)
        done = texts.say("people.added", name=name, unit=new)
    return Next(to("m.unit", unit.id), done)


# --- another person -----------------------------------------------------------------------------


def _others(context: Context, member: Member) -> list[Member]:
    """Return the commune's people who don't report for this area, each once."""
    role = member.membership
    found = people.people_of_commune(context.tx, role.commune_id or 0)
    there = {one.person.id for one in found if one.membership.unit_id == role.unit_id}
    return list({one.person.id: one for one in found if one.person.id not in there}.values())


OtherPerson = Annotated[
    Person, one_among(lambda it: (one.person for one in _others(it.context, it.before["member"])))
]


@screen("m.hand", right=OFFICER)
def choose_person(context: Context, member: Reporter) -> Screen:
    """Ask who is to report for the area instead."""
    texts, others = context.texts, _others(context, member)

    def label(one: Member) -> Button:
        caption = f"👤 {name_of(one.person, texts)} · {place_of(context, one.membership)}"
        return Button(caption, confirm_person.data(member, one.person))

    place = place_of(context, member.membership)
    page = ScreenBuilder(context).say(
        "people.hand_whom", unit=place, name=name_of(member.person, texts)
    )
    persons = access.narrowed(context, [one.person for one in others])
    shown = [one for one in others if one.person in persons]
    page.listed(shown, label, choose_person, member, size=_HAND_PAGE)
    page.button("people.button.new", confirm_swap.at(member))
    return page.back(to("m.mem", member.id)).screen()


@choose_person.text
def take_person(context: Context, text: str, member: Reporter) -> Next | None:
    """Ask about the person with the typed name."""
    same = access.members_named(_others(context, member), text, context.texts)
    persons = [one.person for one in same]
    return access.next_screen_for(context.here, persons, lambda one: confirm_person.at(member, one))


@screen("m.handc", right=OFFICER)
def confirm_person(context: Context, member: Reporter, other: OtherPerson) -> Screen:
    """Ask whether the other person is to have the area."""
    page = ScreenBuilder(context).say(
        "people.hand_ask",
        unit=place_of(context, member.membership),
        name=name_of(member.person, context.texts),
        other=name_of(other, context.texts),
    )
    page.button("button.right", to_person.at(member, other))
    return page.back(choose_person.at(member)).screen()


@action("m.handy", right=OFFICER)
def to_person(context: Context, member: Reporter, other: OtherPerson) -> Next:
    """Hand the area over to the other person, and tell both."""
    place, lost = place_of(context, member.membership), _loses_answer(context, member)
    roles.hand_over(context.tx, member, other.id, **context.authorship)
    _tell(context, member.person, "notice.ended", lost=lost, unit=place)
    _tell(context, other, "notice.added", unit=place, report=True)
    done = context.texts.say("people.handed", unit=place, other=name_of(other, context.texts))
    return Next(to("m.unit", member.membership.unit_id or 0), done)


# --- a new telephone, and an end ----------------------------------------------------------------


@screen("m.swap", right=OFFICER)
def confirm_swap(context: Context, member: OfficeMember) -> Screen:
    """Show what an invitation for a new telephone does."""
    name = name_of(member.person, context.texts)
    page = ScreenBuilder(context).say("people.swap_ask", name=name, days=_SWAP_DAYS)
    page.button("people.button.swap_yes", swap.at(member))
    return page.back(to("m.mem", member.id)).screen()


@action("m.swapy", right=OFFICER)
def swap(context: Context, member: OfficeMember) -> Next:
    """Make an invitation that hands all the person's roles in the commune to the one who joins."""
    role = member.membership
    done = context.texts.say("people.swapped", name=name_of(member.person, context.texts))
    return make(
        context, role.role, role.commune_id or 0, role.unit_id, done,
        uses=1, days=_SWAP_DAYS, label=role.label, replaces_id=member.person.id,
    )  # fmt: skip


@screen("m.drop", right=OFFICER)
def confirm_drop(context: Context, member: OfficeMember) -> Screen:
    """Ask whether the role is to end; the last officer's can't."""
    page, role = ScreenBuilder(context), member.membership
    if roles.last_officer(context.tx, member):
        page.say("people.last_officer")
    else:
        name = name_of(member.person, context.texts)
        page.say("people.drop_ask", name=name, place=place_of(context, role))
        page.button("people.button.drop_yes", drop.at(member))
    return page.back(to("m.mem", role.id)).screen()


@action("m.dropy", right=OFFICER)
def drop(context: Context, member: OfficeMember) -> Next | None:
    """End the role, and tell the person."""
    person, role = member.person, member.membership
    if roles.last_officer(context.tx, member):
        return None
    place, lost = place_of(context, role), _loses_answer(context, member)
    roles.end_role(context.tx, member, why="removed", **context.authorship)
    _tell(context, person, "notice.ended", lost=lost, unit=place)
    done = context.texts.say("people.dropped", name=name_of(person, context.texts), place=place)
    if person.id == context.person.id and role.role == "officer":
        return Next(to("m.leave"), done)  # they may no longer see this commune
    unit = role.unit_id or places.office_of(context.tx, role.commune_id or 0).id
    return Next(to("m.unit", unit), done)


def _loses_answer(context: Context, member: Member) -> bool:
    """Return whether an answer of the person for the area is still to be confirmed."""
    unit_id = member.membership.unit_id
    return has_unconfirmed(context.tx, member.person.id, unit_id, context.now)


def _tell(
    context: Context, person: Person, key: str, *, report: bool = False, lost: bool = False,
    **parameters: object,
) -> None:  # fmt: skip
    """Tell the person of the change; with `lost`, that an unconfirmed answer is not stored."""
    if person.id == context.person.id:
        return
    press = ("button.report", "rep") if report else ("button.home", "home")
    zone = context.deployment.zone
    told = notifications.sentence(key, zone, press, **parameters)

    def screen(texts: Texts) -> Screen:
        shown = told(texts)
        more = texts.say("notice.unconfirmed")
        return Screen(f"{shown.text}\n{more}", shown.rows) if lost else shown

    whom = people.people_by_ids(context.tx, [person.id])
    notifications.Notification(screen).put_in(context.tx, whom, context.now, zone)
