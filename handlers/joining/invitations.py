"""The invitations there are: who joined with which, until when, and taking one back."""

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.texts import Html
from storage import invitations, people, roles
from storage.invitations import Invitation

_PAGE = 4
_MOST_NAMES = 20


def _all(context: Context, press: Press, said: Said) -> Screen | None:
    """Those by which somebody can still join come first."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    found = [
        one
        for one in invitations.list_invitations(context.tx, commune.id)
        if one.role != "operator"
    ]
    found.sort(key=lambda one: not one.valid(context.now))
    valid = sum(one.valid(context.now) for one in found)

    def label(one: Invitation) -> Button:
        mark = "🟢" if one.valid(context.now) else "⚪"
        place = access.place_text(context, one.role, one.unit_id, texts)
        return Button(f"{mark} {place} · {one.used}/{one.uses}", pack("m.inv", one.id))

    rows = listed(
        texts, found, press.number(1), label, lambda page: pack("m.invs", commune.id, page), _PAGE
    )
    text = texts.say("invites.title", commune=commune.name, valid=valid, count=len(found))
    new = (button(texts, "invites.button.new", "m.iwho", commune.id),)
    return Screen(text, (*rows, new, back(texts, "m.hub", commune.id)))


def _one(context: Context, press: Press, said: Said) -> Screen | None:
    """One invitation: its state, and who joined with it."""
    found = access.invitation(context, press.number(0))
    if found is None or found.commune_id is None:
        return None
    texts = context.texts
    place = access.place_text(context, found.role, found.unit_id, texts)
    lines: list[str] = [
        texts.say("invites.one", place=place, state=_state(context, found)),
        texts.say("invites.used", used=found.used, uses=found.uses),
        texts.say(
            "invites.until", until=Html(texts.full_day(found.expires_at, context.deployment.zone))
        ),
        *_persons(context, found),
        "",
        *_joined(context, found),
    ]
    rows: list[tuple[Button, ...]] = []
    if found.valid(context.now):
        rows.append((button(texts, "invites.button.revoke", "m.irev", found.id),))
    rows.append(back(texts, "m.invs", found.commune_id))
    return Screen("\n".join(lines), tuple(rows))


def _persons(context: Context, found: Invitation) -> list[Html]:
    """Who made it, and whom it replaces."""
    lines = []
    for key, person_id in (
        ("invites.by", found.created_by),
        ("invites.replaces", found.replaces_id),
    ):
        person = people.person(context.tx, person_id) if person_id is not None else None
        if person is not None:
            name = person.name or context.texts.say("somebody")
            lines.append(context.texts.say(key, name=name))
    return lines


def _joined(context: Context, found: Invitation) -> list[Html]:
    texts, joined = context.texts, roles.joined_by(context.tx, found.id)
    if not joined:
        return [texts.say("invites.nobody")]
    lines = [texts.say("invites.who")]
    for one in joined[-_MOST_NAMES:]:
        name = one.name or texts.say("somebody")
        key = "invites.joined" if one.ended_at is None else "invites.joined_ended"
        day = Html(texts.day(one.began_at, context.deployment.zone))
        lines.append(texts.say(key, name=name, day=day))
    return lines


def _state(context: Context, found: Invitation) -> Html:
    texts = context.texts
    if found.revoked_at is not None:
        return texts.say("invites.state_revoked")
    if found.used >= found.uses:
        return texts.say("invites.state_used")
    return texts.say("invites.state_open" if found.valid(context.now) else "invites.state_expired")


def _ask_revoke(context: Context, press: Press, said: Said) -> Screen | None:
    found = access.invitation(context, press.number(0))
    if found is None or not found.valid(context.now):
        return None
    texts = context.texts
    place = access.place_text(context, found.role, found.unit_id, texts)
    text = texts.say("invites.revoke_ask", place=place)
    yes = (button(texts, "invites.button.revoke_yes", "m.irevy", found.id),)
    return Screen(text, (yes, back(texts, "m.inv", found.id)))


def _revoke(context: Context, press: Press, said: Said) -> Next | None:
    found = access.invitation(context, press.number(0))
    if found is None or not found.valid(context.now):
        return None
    invitations.revoke_invitation(
        context.tx, found.id, context.now, by=context.person.id, way="button"
    )
    return Next(to("m.inv", found.id), context.texts.say("invites.revoked"))


STEPS = Steps(
    views={"m.invs": _all, "m.inv": _one, "m.irev": _ask_revoke},
    deeds={"m.irevy": _revoke},
)
