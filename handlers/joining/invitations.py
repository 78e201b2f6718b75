"""A commune's invitations: their state, who joined by them, and revoking one."""

from typing import Annotated

from handlers.flow.arguments import only
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import (
    OfficeCommune,
    OfficeInvitation,
    invitation_of_office,
    name_of,
    place_of,
)
from handlers.texts import Html
from storage.people import invitations, people, roles
from storage.people.invitations import Invitation

_PAGE = 4
_MOST_NAMES = 20

# An invitation by which people can still join.
ValidInvitation = Annotated[
    Invitation, only(invitation_of_office, lambda context, one: one.valid(context.now))
]


@screen("m.invs", right=OFFICER)
def all_invitations(context: Context, commune: OfficeCommune) -> Screen:
    """Show the invitations, the valid ones first."""
    every = invitations.list_invitations(context.tx, commune.id)
    found = [one for one in every if one.role != "operator"]
    found.sort(key=lambda one: not one.valid(context.now))
    valid = sum(one.valid(context.now) for one in found)

    def label(one: Invitation) -> Button:
        mark = "🟢" if one.valid(context.now) else "⚪"
        caption = f"{mark} {place_of(context, one)} · {one.used}/{one.uses}"
        return Button(caption, one_invitation.data(one))

    page = ScreenBuilder(context).say(
        "invites.title", commune=commune.name, valid=valid, count=len(found)
    )
    page.listed(found, label, all_invitations, commune, size=_PAGE)
    page.button("invites.button.new", to("m.iwho", commune.id))
    page.button("invites.button.print", to("m.ish", commune.id))
    return page.back(to("m.hub", commune.id)).screen()


@screen("m.inv", right=OFFICER)
def one_invitation(context: Context, invitation: OfficeInvitation) -> Screen:
    """Show an invitation, its state, and who joined by it."""
    until = invitation.expires_at
    page = ScreenBuilder(context)
    page.say("invites.one", place=place_of(context, invitation), state=_state(context, invitation))
    page.say("invites.used", used=invitation.used, uses=invitation.uses)
    page.say("invites.until", until=context.texts.full_day(until, context.deployment.zone))
    for key, person_id in (
        ("invites.by", invitation.created_by),
        ("invites.replaces", invitation.replaces_id),
    ):
        person = people.person(context.tx, person_id) if person_id is not None else None
        if person is not None:
            page.say(key, name=name_of(person, context.texts))
    _add_joined(context, page.line(), invitation)
    if invitation.valid(context.now):
        page.button("invites.button.revoke", ask_to_revoke.at(invitation))
    return page.back(all_invitations.at(invitation.commune_id)).screen()


def _add_joined(context: Context, page: ScreenBuilder, found: Invitation) -> None:
    texts, joined = context.texts, roles.joined_by(context.tx, found.id)
    page.say("invites.who" if joined else "invites.nobody")
    for one in joined[-_MOST_NAMES:]:
        key = "invites.joined" if one.ended_at is None else "invites.joined_ended"
        day = texts.day(one.began_at, context.deployment.zone)
        page.say(key, name=one.name or texts.say("somebody"), day=day)


def _state(context: Context, found: Invitation) -> Html:
    texts = context.texts
    if found.revoked_at is not None:
        return texts.say("invites.state_revoked")
    if found.used >= found.uses:
        return texts.say("invites.state_used")
    return texts.say("invites.state_open" if found.valid(context.now) else "invites.state_expired")


@screen("m.irev", right=OFFICER)
def ask_to_revoke(context: Context, invitation: ValidInvitation) -> Screen:
    """Ask whether to revoke this invitation."""
    page = ScreenBuilder(context).say("invites.revoke_ask", place=place_of(context, invitation))
    page.button("invites.button.revoke_yes", revoke.at(invitation))
    return page.back(one_invitation.at(invitation)).screen()


@action("m.irevy", right=OFFICER)
def revoke(context: Context, invitation: ValidInvitation) -> Next:
    """Revoke the invitation; nobody can join by it any more."""
    invitations.revoke_invitation(context.tx, invitation.id, **context.authorship)
    return Next(one_invitation.at(invitation), context.texts.say("invites.revoked"))
