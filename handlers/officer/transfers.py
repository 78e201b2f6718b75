"""A role changes hands: another area, one more, another person, a new telephone, or an end."""

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.joining.new_invitation import make
from handlers.messages import notifications
from handlers.officer import access
from handlers.report.wording import unit_text
from storage import people, places, roles
from storage.people import Member
from storage.places import Unit

_MOVE, _MORE = "v", "t"
_HAND_PAGE = 4
_SWAP_DAYS = 7


# --- another area, or one more ------------------------------------------------------------------


def _choose_area(context: Context, press: Press, said: Said) -> Screen | None:
    held, kind = _reporter(context, press), press.text(1)
    if held is None or kind not in {_MOVE, _MORE}:
        return None
    texts, role = context.texts, held.membership
    areas = access.narrowed(_free_areas(context, held), said)
    rows = listed(
        texts,
        areas,
        press.number(2),
        lambda one: Button(unit_text(one, texts), pack("m.toc", role.id, kind, one.id)),
        lambda page: pack("m.to", role.id, kind, page),
    )
    key = "people.move_where" if kind == _MOVE else "people.add_where"
    text = texts.say(key, name=access.name_of(held, texts))
    return Screen(text, (*rows, back(texts, "m.mem", role.id)))


def _take_area(context: Context, press: Press, said: Said, text: str) -> Next | None:
    held = _reporter(context, press)
    if held is None:
        return None
    role, free = held.membership, {one.id for one in _free_areas(context, held)}
    found = [one for one in access.named(context, role.commune_id, text) if one.id in free]
    return access.going(press, found, lambda one: to("m.toc", role.id, press.text(1), one.id))


def _confirm_area(context: Context, press: Press, said: Said) -> Screen | None:
    asked = _area_asked(context, press)
    if asked is None:
        return None
    held, kind, unit = asked
    texts, role = context.texts, held.membership
    key = "people.move_ask" if kind == _MOVE else "people.add_ask"
    text = texts.say(
        key,
        name=access.name_of(held, texts),
        old=access.place_text(context, role.role, role.unit_id, texts),
        unit=unit_text(unit, texts),
    )
    rows = ((button(texts, "button.right", "m.toy", role.id, kind, unit.id),),)
    return Screen(text, (*rows, back(texts, "m.to", role.id, kind)))


def _to_area(context: Context, press: Press, said: Said) -> Next | None:
    asked = _area_asked(context, press)
    if asked is None:
        return None
    held, kind, unit = asked
    role, person = held.membership, held.person
    old = access.place_text(context, role.role, role.unit_id, context.texts)
    if kind == _MOVE:
        roles.move_role(context.tx, held, unit.id, by=context.person.id, now=context.now)
    else:
        roles.give_area(
            context.tx, person.id, unit.id, unit.commune_id, by=context.person.id, now=context.now
        )
    key = "notice.moved" if kind == _MOVE else "notice.added"
    said_old = {"old": old} if kind == _MOVE else {}
    _tell(context, person.id, key, unit=unit_text(unit, context.texts), report=True, **said_old)
    done = context.texts.say(
        "people.moved" if kind == _MOVE else "people.added",
        name=access.name_of(held, context.texts),
        unit=unit_text(unit, context.texts),
    )
    return Next(to("m.unit", unit.id), done)


def _area_asked(context: Context, press: Press) -> tuple[Member, str, Unit] | None:
    held, kind = _reporter(context, press), press.text(1)
    if held is None or kind not in {_MOVE, _MORE}:
        return None
    unit = access.area(context, press.number(2), held.membership.commune_id)
    if unit is None or unit.id not in {one.id for one in _free_areas(context, held)}:
        return None
    return held, kind, unit


def _free_areas(context: Context, held: Member) -> list[Unit]:
    mine = {one.unit_id for one in people.memberships_of(context.tx, held.person.id)}
    return [
        one
        for one in access.areas_now(context, held.membership.commune_id or 0)
        if one.id not in mine
    ]


# --- another person -----------------------------------------------------------------------------


def _choose_person(context: Context, press: Press, said: Said) -> Screen | None:
    held = _reporter(context, press)
    if held is None:
        return None
    texts, role = context.texts, held.membership
    place = access.place_text(context, role.role, role.unit_id, texts)
    others = _others(context, held)

    def label(one: Member) -> Button:
        where = access.place_text(context, one.membership.role, one.membership.unit_id, texts)
        caption = f"👤 {access.name_of(one, texts)} · {where}"
        return Button(caption, pack("m.handc", role.id, one.person.id))

    rows = listed(
        texts,
        [one for one in others if str(one.person.id) in said] or others,
        press.number(1),
        label,
        lambda page: pack("m.hand", role.id, page),
        _HAND_PAGE,
    )
    new = (button(texts, "people.button.new", "m.swap", role.id),)
    text = texts.say("people.hand_whom", unit=place, name=access.name_of(held, texts))
    return Screen(text, (*rows, new, back(texts, "m.mem", role.id)))


def _take_person(context: Context, press: Press, said: Said, text: str) -> Next | None:
    held = _reporter(context, press)
    if held is None:
        return None
    same = access.called(_others(context, held), text, context.texts)
    if len(same) > 1:
        return Next(press, said=tuple(str(one.person.id) for one in same))
    return Next(to("m.handc", held.membership.id, same[0].person.id)) if same else None


def _confirm_person(context: Context, press: Press, said: Said) -> Screen | None:
    asked = _person_asked(context, press)
    if asked is None:
        return None
    held, other = asked
    texts, role = context.texts, held.membership
    text = texts.say(
        "people.hand_ask",
        unit=access.place_text(context, role.role, role.unit_id, texts),
        name=access.name_of(held, texts),
        other=access.name_of(other, texts),
    )
    rows = ((button(texts, "button.right", "m.handy", role.id, other.person.id),),)
    return Screen(text, (*rows, back(texts, "m.hand", role.id)))


def _to_person(context: Context, press: Press, said: Said) -> Next | None:
    asked = _person_asked(context, press)
    if asked is None:
        return None
    held, other = asked
    unit_id = held.membership.unit_id or 0
    place = access.place_text(context, "reporter", unit_id, context.texts)
    roles.hand_over(context.tx, held, other.person.id, by=context.person.id, now=context.now)
    _tell(context, held.person.id, "notice.ended", unit=place)
    _tell(context, other.person.id, "notice.added", unit=place, report=True)
    done = context.texts.say(
        "people.handed", unit=place, other=access.name_of(other, context.texts)
    )
    return Next(to("m.unit", unit_id), done)


def _person_asked(context: Context, press: Press) -> tuple[Member, Member] | None:
    held, person_id = _reporter(context, press), press.number(1)
    if held is None:
        return None
    other = next((one for one in _others(context, held) if one.person.id == person_id), None)
    return (held, other) if other is not None else None


def _others(context: Context, held: Member) -> list[Member]:
    """The commune's other people, each once, who don't report for this area yet."""
    role = held.membership
    found = people.people_of_commune(context.tx, role.commune_id or 0)
    there = {one.person.id for one in found if one.membership.unit_id == role.unit_id}
    by_person = {one.person.id: one for one in found if one.person.id not in there}
    return list(by_person.values())


# --- a new telephone ----------------------------------------------------------------------------


def _confirm_swap(context: Context, press: Press, said: Said) -> Screen | None:
    held = access.member(context, press.number(0))
    if held is None:
        return None
    texts = context.texts
    text = texts.say("people.swap_ask", name=access.name_of(held, texts), days=_SWAP_DAYS)
    rows = ((button(texts, "people.button.swap_yes", "m.swapy", held.membership.id),),)
    return Screen(text, (*rows, back(texts, "m.mem", held.membership.id)))


def _swap(context: Context, press: Press, said: Said) -> Next | None:
    held = access.member(context, press.number(0))
    if held is None:
        return None
    role = held.membership
    return make(
        context,
        role.role,
        role.commune_id or 0,
        role.unit_id,
        context.texts.say("people.swapped", name=access.name_of(held, context.texts)),
        uses=1,
        days=_SWAP_DAYS,
        label=role.label,
        replaces_id=held.person.id,
    )


# --- an end -------------------------------------------------------------------------------------


def _confirm_drop(context: Context, press: Press, said: Said) -> Screen | None:
    held = access.member(context, press.number(0))
    if held is None:
        return None
    texts, role = context.texts, held.membership
    leaves = back(texts, "m.mem", role.id)
    if roles.last_officer(context.tx, held):
        return Screen(texts.say("people.last_officer"), (leaves,))
    text = texts.say(
        "people.drop_ask",
        name=access.name_of(held, texts),
        place=access.place_text(context, role.role, role.unit_id, texts),
    )
    return Screen(text, ((button(texts, "people.button.drop_yes", "m.dropy", role.id),), leaves))


def _drop(context: Context, press: Press, said: Said) -> Next | None:
    held = access.member(context, press.number(0))
    if held is None or roles.last_officer(context.tx, held):
        return None
    role = held.membership
    place = access.place_text(context, role.role, role.unit_id, context.texts)
    roles.end_role(context.tx, held, by=context.person.id, now=context.now, why="removed")
    _tell(context, held.person.id, "notice.ended", unit=place)
    done = context.texts.say(
        "people.dropped", name=access.name_of(held, context.texts), place=place
    )
    if held.person.id == context.person.id and role.role == "officer":
        return Next(to("m.leave"), done)  # nothing of this commune is theirs to see any more
    unit = role.unit_id or places.office_of(context.tx, role.commune_id or 0).id
    return Next(to("m.unit", unit), done)


def _reporter(context: Context, press: Press) -> Member | None:
    held = access.member(context, press.number(0))
    return held if held is not None and held.membership.role == "reporter" else None


def _tell(
    context: Context, person_id: int, key: str, *, report: bool = False, **said: object
) -> None:
    if person_id == context.person.id:
        return
    press = ("button.report", "rep") if report else ("button.home", "home")
    notifications.tell(
        context.tx, person_id, key, context.now, context.deployment.zone, button=press, **said
    )


STEPS = Steps(
    views={
        "m.to": _choose_area,
        "m.toc": _confirm_area,
        "m.hand": _choose_person,
        "m.handc": _confirm_person,
        "m.swap": _confirm_swap,
        "m.drop": _confirm_drop,
    },
    deeds={
        "m.toy": _to_area,
        "m.handy": _to_person,
        "m.swapy": _swap,
        "m.dropy": _drop,
    },
    takes={"m.to": _take_area, "m.hand": _take_person},
)
