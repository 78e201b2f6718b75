"""Anybody ends a role of their own: "/roikhu". What they reported stays."""

from handlers import home
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to, to_home
from handlers.flow.press import Press, pack
from handlers.officer import access
from storage import places, roles
from storage.people import Member, Membership


def _roles(context: Context, press: Press, said: Said) -> Screen:
    """Which of one's roles is to end."""
    texts = context.texts
    mine = list(context.memberships)
    rows = listed(
        texts,
        mine,
        press.number(0),
        lambda one: Button(role_name(context, one), pack("m.leavec", one.id)),
        lambda page: pack("m.leave", page),
    )
    key = "leave.which" if mine else "leave.none"
    return Screen(texts.say(key), (*rows, to_home(texts)))


def _confirm(context: Context, press: Press, said: Said) -> Screen | None:
    held = _mine(context, press)
    if held is None:
        return None
    texts = context.texts
    leaves = back(texts, "m.leave")
    if roles.last_officer(context.tx, held):
        return Screen(texts.say("leave.last_officer"), (leaves,))
    text = texts.say("leave.ask", place=role_name(context, held.membership))
    yes = button(texts, "leave.button.yes", "m.leavey", held.membership.id)
    return Screen(text, ((yes,), leaves))


def _leave(context: Context, press: Press, said: Said) -> Next | None:
    held = _mine(context, press)
    if held is None or roles.last_officer(context.tx, held):
        return None
    roles.end_role(context.tx, held, by=context.person.id, now=context.now, why="left")
    done = context.texts.say("leave.done", place=role_name(context, held.membership))
    return Next(to("m.left"), done, menu=True)


def _left(context: Context, press: Press, said: Said) -> Screen:
    """The home screen with what is left."""
    return home.home_screen(context)


def _mine(context: Context, press: Press) -> Member | None:
    number = press.number(0)
    if number is None or all(one.id != number for one in context.memberships):
        return None
    return roles.member(context.tx, number)


def role_name(context: Context, role: Membership) -> str:
    """What a person is, and where."""
    if role.commune_id is None:
        return context.texts.say("join.place_operator")
    place = access.place_text(context, role.role, role.unit_id, context.texts)
    return f"{place}, {places.commune(context.tx, role.commune_id).name}"


STEPS = Steps(
    views={"m.leave": _roles, "m.leavec": _confirm, "m.left": _left},
    deeds={"m.leavey": _leave},
)


@command("roikhu", "leave")
def leave_command(context: Context, text: str) -> Next:
    """End a role of one's own."""
    return Next(to("m.leave"))
