"""A role changes hands: another area, one more, another person, a new telephone, or an end."""

from handlers import telling
from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.managing.inviting import make
from handlers.presses import Press, pack
from handlers.reporting.wording import unit_text
from handlers.steps import Next, Said, Steps, back, button, listed, to
from handlers.turn import Turn
from storage import people, places, roles
from storage.people import Member
from storage.places import Unit

_MOVE, _MORE = "v", "t"
_HAND_PAGE = 4
_SWAP_DAYS = 7


# --- another area, or one more ------------------------------------------------------------------


def _choose_area(turn: Turn, press: Press, said: Said) -> Screen | None:
    held, kind = _reporter(turn, press), press.text(1)
    if held is None or kind not in {_MOVE, _MORE}:
        return None
    texts, role = turn.texts, held.membership
    areas = office.narrowed(_free_areas(turn, held), said)
    rows = listed(
        texts,
        areas,
        press.number(2),
        lambda one: Button(unit_text(one, texts), pack("m.toc", role.id, kind, one.id)),
        lambda page: pack("m.to", role.id, kind, page),
    )
    key = "people.move_where" if kind == _MOVE else "people.add_where"
    text = texts.say(key, name=office.name_of(held, texts))
    return Screen(text, (*rows, back(texts, "m.mem", role.id)))


def _take_area(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    held = _reporter(turn, press)
    if held is None:
        return None
    role, free = held.membership, {one.id for one in _free_areas(turn, held)}
    found = [one for one in office.named(turn, role.commune_id, text) if one.id in free]
    return office.going(press, found, lambda one: to("m.toc", role.id, press.text(1), one.id))


def _confirm_area(turn: Turn, press: Press, said: Said) -> Screen | None:
    asked = _area_asked(turn, press)
    if asked is None:
        return None
    held, kind, unit = asked
    texts, role = turn.texts, held.membership
    key = "people.move_ask" if kind == _MOVE else "people.add_ask"
    text = texts.say(
        key,
        name=office.name_of(held, texts),
        old=office.place_text(turn, role.role, role.unit_id, texts),
        unit=unit_text(unit, texts),
    )
    rows = ((button(texts, "button.right", "m.toy", role.id, kind, unit.id),),)
    return Screen(text, (*rows, back(texts, "m.to", role.id, kind)))


def _to_area(turn: Turn, press: Press, said: Said) -> Next | None:
    asked = _area_asked(turn, press)
    if asked is None:
        return None
    held, kind, unit = asked
    role, person = held.membership, held.person
    old = office.place_text(turn, role.role, role.unit_id, turn.texts)
    if kind == _MOVE:
        roles.move_role(turn.tx, held, unit.id, by=turn.person.id, now=turn.now)
    else:
        roles.give_area(
            turn.tx, person.id, unit.id, unit.commune_id, by=turn.person.id, now=turn.now
        )
    key = "notice.moved" if kind == _MOVE else "notice.added"
    said_old = {"old": old} if kind == _MOVE else {}
    _tell(turn, person.id, key, unit=unit_text(unit, turn.texts), report=True, **said_old)
    done = turn.texts.say(
        "people.moved" if kind == _MOVE else "people.added",
        name=office.name_of(held, turn.texts),
        unit=unit_text(unit, turn.texts),
    )
    return Next(to("m.unit", unit.id), done)


def _area_asked(turn: Turn, press: Press) -> tuple[Member, str, Unit] | None:
    held, kind = _reporter(turn, press), press.text(1)
    if held is None or kind not in {_MOVE, _MORE}:
        return None
    unit = office.area(turn, press.number(2), held.membership.commune_id)
    if unit is None or unit.id not in {one.id for one in _free_areas(turn, held)}:
        return None
    return held, kind, unit


def _free_areas(turn: Turn, held: Member) -> list[Unit]:
    mine = {one.unit_id for one in people.memberships_of(turn.tx, held.person.id)}
    return [
        one for one in office.areas_now(turn, held.membership.commune_id or 0) if one.id not in mine
    ]


# --- another person -----------------------------------------------------------------------------


def _choose_person(turn: Turn, press: Press, said: Said) -> Screen | None:
    held = _reporter(turn, press)
    if held is None:
        return None
    texts, role = turn.texts, held.membership
    place = office.place_text(turn, role.role, role.unit_id, texts)
    others = _others(turn, held)

    def label(one: Member) -> Button:
        where = office.place_text(turn, one.membership.role, one.membership.unit_id, texts)
        caption = f"👤 {office.name_of(one, texts)} · {where}"
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
    text = texts.say("people.hand_whom", unit=place, name=office.name_of(held, texts))
    return Screen(text, (*rows, new, back(texts, "m.mem", role.id)))


def _take_person(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    held = _reporter(turn, press)
    if held is None:
        return None
    same = office.called(_others(turn, held), text, turn.texts)
    if len(same) > 1:
        return Next(press, said=tuple(str(one.person.id) for one in same))
    return Next(to("m.handc", held.membership.id, same[0].person.id)) if same else None


def _confirm_person(turn: Turn, press: Press, said: Said) -> Screen | None:
    asked = _person_asked(turn, press)
    if asked is None:
        return None
    held, other = asked
    texts, role = turn.texts, held.membership
    text = texts.say(
        "people.hand_ask",
        unit=office.place_text(turn, role.role, role.unit_id, texts),
        name=office.name_of(held, texts),
        other=office.name_of(other, texts),
    )
    rows = ((button(texts, "button.right", "m.handy", role.id, other.person.id),),)
    return Screen(text, (*rows, back(texts, "m.hand", role.id)))


def _to_person(turn: Turn, press: Press, said: Said) -> Next | None:
    asked = _person_asked(turn, press)
    if asked is None:
        return None
    held, other = asked
    unit_id = held.membership.unit_id or 0
    place = office.place_text(turn, "reporter", unit_id, turn.texts)
    roles.hand_over(turn.tx, held, other.person.id, by=turn.person.id, now=turn.now)
    _tell(turn, held.person.id, "notice.ended", unit=place)
    _tell(turn, other.person.id, "notice.added", unit=place, report=True)
    done = turn.texts.say("people.handed", unit=place, other=office.name_of(other, turn.texts))
    return Next(to("m.unit", unit_id), done)


def _person_asked(turn: Turn, press: Press) -> tuple[Member, Member] | None:
    held, person_id = _reporter(turn, press), press.number(1)
    if held is None:
        return None
    other = next((one for one in _others(turn, held) if one.person.id == person_id), None)
    return (held, other) if other is not None else None


def _others(turn: Turn, held: Member) -> list[Member]:
    """The commune's other people, each once, who don't report for this area yet."""
    role = held.membership
    found = people.people_of_commune(turn.tx, role.commune_id or 0)
    there = {one.person.id for one in found if one.membership.unit_id == role.unit_id}
    by_person = {one.person.id: one for one in found if one.person.id not in there}
    return list(by_person.values())


# --- a new telephone ----------------------------------------------------------------------------


def _confirm_swap(turn: Turn, press: Press, said: Said) -> Screen | None:
    held = office.member(turn, press.number(0))
    if held is None:
        return None
    texts = turn.texts
    text = texts.say("people.swap_ask", name=office.name_of(held, texts), days=_SWAP_DAYS)
    rows = ((button(texts, "people.button.swap_yes", "m.swapy", held.membership.id),),)
    return Screen(text, (*rows, back(texts, "m.mem", held.membership.id)))


def _swap(turn: Turn, press: Press, said: Said) -> Next | None:
    held = office.member(turn, press.number(0))
    if held is None:
        return None
    role = held.membership
    return make(
        turn,
        role.role,
        role.commune_id or 0,
        role.unit_id,
        turn.texts.say("people.swapped", name=office.name_of(held, turn.texts)),
        uses=1,
        days=_SWAP_DAYS,
        label=role.label,
        replaces_id=held.person.id,
    )


# --- an end -------------------------------------------------------------------------------------


def _confirm_drop(turn: Turn, press: Press, said: Said) -> Screen | None:
    held = office.member(turn, press.number(0))
    if held is None:
        return None
    texts, role = turn.texts, held.membership
    leaves = back(texts, "m.mem", role.id)
    if roles.last_officer(turn.tx, held):
        return Screen(texts.say("people.last_officer"), (leaves,))
    text = texts.say(
        "people.drop_ask",
        name=office.name_of(held, texts),
        place=office.place_text(turn, role.role, role.unit_id, texts),
    )
    return Screen(text, ((button(texts, "people.button.drop_yes", "m.dropy", role.id),), leaves))


def _drop(turn: Turn, press: Press, said: Said) -> Next | None:
    held = office.member(turn, press.number(0))
    if held is None or roles.last_officer(turn.tx, held):
        return None
    role = held.membership
    place = office.place_text(turn, role.role, role.unit_id, turn.texts)
    roles.end_role(turn.tx, held, by=turn.person.id, now=turn.now, why="removed")
    _tell(turn, held.person.id, "notice.ended", unit=place)
    done = turn.texts.say("people.dropped", name=office.name_of(held, turn.texts), place=place)
    if held.person.id == turn.person.id and role.role == "officer":
        return Next(to("m.leave"), done)  # nothing of this commune is theirs to see any more
    unit = role.unit_id or places.office_of(turn.tx, role.commune_id or 0).id
    return Next(to("m.unit", unit), done)


def _reporter(turn: Turn, press: Press) -> Member | None:
    held = office.member(turn, press.number(0))
    return held if held is not None and held.membership.role == "reporter" else None


def _tell(turn: Turn, person_id: int, key: str, *, report: bool = False, **said: object) -> None:
    if person_id == turn.person.id:
        return
    press = ("button.report", "rep") if report else ("button.home", "home")
    telling.tell(turn.tx, person_id, key, turn.now, turn.house.zone, button=press, **said)


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
