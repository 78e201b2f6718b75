"""A role changes hands: another area, one more, another person, a new telephone, or an end."""

from handlers.flow.arguments import one_among, one_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Arguments, Next, action, argument, screen
from handlers.joining.new_invitation import make
from handlers.messages import notifications
from handlers.officer import access
from handlers.officer.access import OfMember, name_of, place_of
from storage.people import people, reporters, roles
from storage.people.people import Member, Person
from storage.places import places
from storage.places.places import Unit

_MOVE, _MORE = "v", "t"
_HAND_PAGE = 4
_SWAP_DAYS = 7


# --- another area, or one more ------------------------------------------------------------------


def _free_areas(context: Context, held: Member) -> list[Unit]:
    """The areas of the commune for which this person doesn't report yet."""
    mine = {one.unit_id for one in people.memberships_of(context.tx, held.person.id)}
    areas = access.areas_now(context, held.membership.commune_id or 0)
    return [one for one in areas if one.id not in mine]


class _OfReporter(Arguments):
    held: Member = argument(access.reporter_of_office)


class _OfArea(_OfReporter):
    kind: str = argument(one_of(_MOVE, _MORE))


class _ToArea(_OfArea):
    unit: Unit = argument(one_among(lambda it: _free_areas(it.context, it.before["held"])))


@screen("m.to", _OfArea, right=OFFICER)
def choose_area(context: Context, at: _OfArea) -> Screen:
    """Which area somebody is to have, in the place of theirs or beside it."""
    texts, areas = context.texts, access.narrowed(context, _free_areas(context, at.held))
    key = "people.move_where" if at.kind == _MOVE else "people.add_where"
    page = Page(context).say(key, name=name_of(at.held.person, texts))

    def label(one: Unit) -> Button:
        return Button(texts.unit(one), confirm_area.data(at.held, at.kind, one))

    return page.listed(areas, label, choose_area, at).back(to("m.mem", at.held.id)).screen()


@choose_area.text
def take_area(context: Context, at: _OfArea, text: str) -> Next | None:
    """The area by its name."""
    free = _free_areas(context, at.held)
    return access.by_name(context, free, text, lambda one: confirm_area.at(at.held, at.kind, one))


@screen("m.toc", _ToArea, right=OFFICER)
def confirm_area(context: Context, at: _ToArea) -> Screen:
    """Who goes where, before it is done."""
    page = Page(context).say(
        "people.move_ask" if at.kind == _MOVE else "people.add_ask",
        name=name_of(at.held.person, context.texts),
        old=place_of(context, at.held.membership),
        unit=context.texts.unit(at.unit),
    )
    page.button("button.right", to_area.at(at))
    return page.back(choose_area.at(at.held, at.kind)).screen()


@action("m.toy", _ToArea, right=OFFICER)
def to_area(context: Context, at: _ToArea) -> Next:
    """The area is theirs from now on."""
    texts, person, unit = context.texts, at.held.person, at.unit
    name, new = name_of(person, texts), texts.unit(unit)
    if at.kind == _MOVE:
        old = place_of(context, at.held.membership)
        roles.move_role(context.tx, at.held, unit.id, **context.authorship)
        kept = reporters.areas_until_close(context.tx, person.id, context.now)
        end = "_until_close" if at.held.membership.unit_id in kept else ""
        _tell(context, person, f"notice.moved{end}", unit=new, report=True, old=old)
        done = texts.say(f"people.moved{end}", name=name, unit=new, old=old)
    else:
        roles.give_area(context.tx, person.id, unit.id, unit.commune_id, **context.authorship)
        _tell(context, person, "notice.added", unit=new, report=True)
        done = texts.say("people.added", name=name, unit=new)
    return Next(to("m.unit", unit.id), done)


# --- another person -----------------------------------------------------------------------------


def _others(context: Context, held: Member) -> list[Member]:
    """The commune's other people, each once, who don't report for this area yet."""
    role = held.membership
    found = people.people_of_commune(context.tx, role.commune_id or 0)
    there = {one.person.id for one in found if one.membership.unit_id == role.unit_id}
    return list({one.person.id: one for one in found if one.person.id not in there}.values())


class _ToPerson(_OfReporter):
    other: Person = argument(
        one_among(lambda it: (one.person for one in _others(it.context, it.before["held"])))
    )


@screen("m.hand", _OfReporter, right=OFFICER)
def choose_person(context: Context, at: _OfReporter) -> Screen:
    """Who is to report for the area instead."""
    texts, others = context.texts, _others(context, at.held)

    def label(one: Member) -> Button:
        caption = f"👤 {name_of(one.person, texts)} · {place_of(context, one.membership)}"
        return Button(caption, confirm_person.data(at.held, one.person))

    place = place_of(context, at.held.membership)
    page = Page(context).say("people.hand_whom", unit=place, name=name_of(at.held.person, texts))
    shown = access.narrowed(context, [one.person for one in others])
    page.listed(
        [one for one in others if one.person in shown], label, choose_person, at, _HAND_PAGE
    )
    page.button("people.button.new", confirm_swap.at(at.held))
    return page.back(to("m.mem", at.held.id)).screen()


@choose_person.text
def take_person(context: Context, at: _OfReporter, text: str) -> Next | None:
    """The person by their name."""
    same = [one.person for one in access.called(_others(context, at.held), text, context.texts)]
    return access.going(context.here, same, lambda one: confirm_person.at(at.held, one))


@screen("m.handc", _ToPerson, right=OFFICER)
def confirm_person(context: Context, at: _ToPerson) -> Screen:
    """Whose area goes to whom, before it is done."""
    page = Page(context).say(
        "people.hand_ask",
        unit=place_of(context, at.held.membership),
        name=name_of(at.held.person, context.texts),
        other=name_of(at.other, context.texts),
    )
    return page.button("button.right", to_person.at(at)).back(choose_person.at(at.held)).screen()


@action("m.handy", _ToPerson, right=OFFICER)
def to_person(context: Context, at: _ToPerson) -> Next:
    """The other reports for the area from now on; both are told."""
    place = place_of(context, at.held.membership)
    roles.hand_over(context.tx, at.held, at.other.id, **context.authorship)
    _tell(context, at.held.person, "notice.ended", unit=place)
    _tell(context, at.other, "notice.added", unit=place, report=True)
    done = context.texts.say("people.handed", unit=place, other=name_of(at.other, context.texts))
    return Next(to("m.unit", at.held.membership.unit_id or 0), done)


# --- a new telephone, and an end ----------------------------------------------------------------


@screen("m.swap", OfMember, right=OFFICER)
def confirm_swap(context: Context, at: OfMember) -> Screen:
    """What an invitation for a new telephone does."""
    name = name_of(at.held.person, context.texts)
    page = Page(context).say("people.swap_ask", name=name, days=_SWAP_DAYS)
    return page.button("people.button.swap_yes", swap.at(at)).back(to("m.mem", at.held.id)).screen()


@action("m.swapy", OfMember, right=OFFICER)
def swap(context: Context, at: OfMember) -> Next:
    """An invitation by which all roles of the person in the commune go to whoever joins."""
    role = at.held.membership
    done = context.texts.say("people.swapped", name=name_of(at.held.person, context.texts))
    return make(
        context, role.role, role.commune_id or 0, role.unit_id, done,
        uses=1, days=_SWAP_DAYS, label=role.label, replaces_id=at.held.person.id,
    )  # fmt: skip


@screen("m.drop", OfMember, right=OFFICER)
def confirm_drop(context: Context, at: OfMember) -> Screen:
    """Whose role ends, before it is done; the last officer's can't."""
    page, role = Page(context), at.held.membership
    if roles.last_officer(context.tx, at.held):
        page.say("people.last_officer")
    else:
        name = name_of(at.held.person, context.texts)
        page.say("people.drop_ask", name=name, place=place_of(context, role))
        page.button("people.button.drop_yes", drop.at(at))
    return page.back(to("m.mem", role.id)).screen()


@action("m.dropy", OfMember, right=OFFICER)
def drop(context: Context, at: OfMember) -> Next | None:
    """The role ends; the person is told."""
    person, role = at.held.person, at.held.membership
    if roles.last_officer(context.tx, at.held):
        return None
    place = place_of(context, role)
    roles.end_role(context.tx, at.held, why="removed", **context.authorship)
    _tell(context, person, "notice.ended", unit=place)
    done = context.texts.say("people.dropped", name=name_of(person, context.texts), place=place)
    if person.id == context.person.id and role.role == "officer":
        return Next(to("m.leave"), done)  # nothing of this commune is theirs to see any more
    unit = role.unit_id or places.office_of(context.tx, role.commune_id or 0).id
    return Next(to("m.unit", unit), done)


def _tell(
    context: Context, person: Person, key: str, *, report: bool = False, **said: object
) -> None:
    if person.id == context.person.id:
        return
    press = ("button.report", "rep") if report else ("button.home", "home")
    notifications.tell_all(
        context.tx, [person.id], key, context.now, context.deployment.zone, button=press, **said
    )
