"""Anybody ends a role of their own: "/roikhu". What they reported stays."""

from handlers import home
from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.presses import Press, pack
from handlers.steps import Next, Said, Steps, back, button, listed, to, to_home
from handlers.turn import Turn
from storage import places, roles
from storage.people import Member, Membership


def _roles(turn: Turn, press: Press, said: Said) -> Screen:
    """Which of one's roles is to end."""
    texts = turn.texts
    mine = list(turn.memberships)
    rows = listed(
        texts,
        mine,
        press.number(0),
        lambda one: Button(role_name(turn, one), pack("m.leavec", one.id)),
        lambda page: pack("m.leave", page),
    )
    key = "leave.which" if mine else "leave.none"
    return Screen(texts.say(key), (*rows, to_home(texts)))


def _confirm(turn: Turn, press: Press, said: Said) -> Screen | None:
    held = _mine(turn, press)
    if held is None:
        return None
    texts = turn.texts
    leaves = back(texts, "m.leave")
    if roles.last_officer(turn.tx, held):
        return Screen(texts.say("leave.last_officer"), (leaves,))
    text = texts.say("leave.ask", place=role_name(turn, held.membership))
    yes = button(texts, "leave.button.yes", "m.leavey", held.membership.id)
    return Screen(text, ((yes,), leaves))


def _leave(turn: Turn, press: Press, said: Said) -> Next | None:
    held = _mine(turn, press)
    if held is None or roles.last_officer(turn.tx, held):
        return None
    roles.end_role(turn.tx, held, by=turn.person.id, now=turn.now, why="left")
    done = turn.texts.say("leave.done", place=role_name(turn, held.membership))
    return Next(to("m.left"), done, menu=True)


def _left(turn: Turn, press: Press, said: Said) -> Screen:
    """The home screen with what is left."""
    return home.home(turn).shown[0].screen


def _mine(turn: Turn, press: Press) -> Member | None:
    number = press.number(0)
    if number is None or all(one.id != number for one in turn.memberships):
        return None
    return roles.member(turn.tx, number)


def role_name(turn: Turn, role: Membership) -> str:
    """What a person is, and where."""
    if role.commune_id is None:
        return turn.texts.say("join.place_operator")
    place = office.place_text(turn, role.role, role.unit_id, turn.texts)
    return f"{place}, {places.commune(turn.tx, role.commune_id).name}"


STEPS = Steps(
    views={"m.leave": _roles, "m.leavec": _confirm, "m.left": _left},
    deeds={"m.leavey": _leave},
)
