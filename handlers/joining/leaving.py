"""Ending a role of one's own: "/roikhu". The person's answers are not deleted."""

from collections.abc import Iterable
from typing import Annotated

from handlers import home
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import opens
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import EVERYBODY, MEMBER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import tell_officers
from handlers.officer.access import place_of
from handlers.operator.communes import with_group
from handlers.report.unconfirmed import has_unconfirmed
from handlers.texts import Html
from storage.people import reporters, roles
from storage.people.people import Member, Membership
from storage.places import places

OwnMembership = Annotated[
    Member, by_id(roles.member, lambda context, one: one.person.id == context.person.id)
]


@screen("m.leave", right=EVERYBODY)
def own_roles(context: Context) -> Screen:
    """Ask which of the person's roles to end."""
    page = ScreenBuilder(context).say("leave.which" if context.memberships else "leave.none")

    def label(one: Membership) -> Button:
        return Button(role_name(context, one), confirm.data(one))

    return page.listed(context.memberships, label, own_roles).home().screen()


@screen("m.leavec", right=MEMBER)
def confirm(context: Context, member: OwnMembership) -> Screen:
    """Ask whether to end this role; refuse for the last officer."""
    page = ScreenBuilder(context)
    if roles.last_officer(context.tx, member):
        page.say("leave.last_officer")
    else:
        page.say("leave.ask", place=role_name(context, member.membership))
        page.button("leave.button.yes", leave.at(member))
    return page.back(own_roles.at()).screen()


@action("m.leavey", right=MEMBER)
def leave(context: Context, member: OwnMembership) -> Next | None:
    """End the role and notify the officers."""
    if roles.last_officer(context.tx, member):
        return None
    unit_id = member.membership.unit_id
    lost = has_unconfirmed(context.tx, context.person.id, unit_id, context.now)
    roles.end_role(context.tx, member, why="left", **context.authorship)
    tell_of_leaving(context, [member.membership])
    done = context.texts.say("leave.done", place=role_name(context, member.membership))
    if lost:
        done = Html(f"{done}\n{context.texts.say('notice.unconfirmed')}")
    return Next(home.other_roles.at(), done, menu=True)


def tell_of_leaving(context: Context, ending: Iterable[Membership]) -> None:
    """Notify the officers which areas lose a reporter, without the name, and how many remain."""
    for unit_id in (one.unit_id for one in ending if one.unit_id is not None):
        team = reporters.reporters_of_unit(context.tx, unit_id)
        count = sum(one.person.id != context.person.id for one in team)
        key = "told.left" if count else "told.left_nobody"
        to_unit = ("manage.button.people", "m.unit", unit_id)
        tell_officers(context, unit_id, key, to_unit, count=count)


def role_name(context: Context, role: Membership) -> str:
    """Return the text of a role and its place."""
    if role.commune_id is None:
        return with_group(context.texts, "join.place_operator", role.group_name)
    return f"{place_of(context, role)}, {places.commune(context.tx, role.commune_id).name}"


opens("roikhu", "leave", own_roles.at())
