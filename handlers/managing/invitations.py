"""The invitations there are: who joined with which, until when, and taking one back."""

from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.presses import Press, pack
from handlers.steps import Next, Said, Steps, back, button, listed, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import invitations, people, roles
from storage.invitations import Invitation

_PAGE = 4
_MOST_NAMES = 20


def _all(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Those by which somebody can still join come first."""
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    texts = turn.texts
    found = [
        one for one in invitations.list_invitations(turn.tx, commune.id) if one.role != "operator"
    ]
    found.sort(key=lambda one: not one.valid(turn.now))
    valid = sum(one.valid(turn.now) for one in found)

    def label(one: Invitation) -> Button:
        mark = "🟢" if one.valid(turn.now) else "⚪"
        place = office.place_text(turn, one.role, one.unit_id, texts)
        return Button(f"{mark} {place} · {one.used}/{one.uses}", pack("m.inv", one.id))

    rows = listed(
        texts, found, press.number(1), label, lambda page: pack("m.invs", commune.id, page), _PAGE
    )
    text = texts.say("invites.title", commune=commune.name, valid=valid, count=len(found))
    new = (button(texts, "invites.button.new", "m.iwho", commune.id),)
    return Screen(text, (*rows, new, back(texts, "m.hub", commune.id)))


def _one(turn: Turn, press: Press, said: Said) -> Screen | None:
    """One invitation: its state, and who joined with it."""
    found = office.invitation(turn, press.number(0))
    if found is None or found.commune_id is None:
        return None
    texts = turn.texts
    place = office.place_text(turn, found.role, found.unit_id, texts)
    lines: list[str] = [
        texts.say("invites.one", place=place, state=_state(turn, found)),
        texts.say("invites.used", used=found.used, uses=found.uses),
        texts.say("invites.until", until=Html(texts.full_day(found.expires_at, turn.house.zone))),
        *_persons(turn, found),
        "",
        *_joined(turn, found),
    ]
    rows: list[tuple[Button, ...]] = []
    if found.valid(turn.now):
        rows.append((button(texts, "invites.button.revoke", "m.irev", found.id),))
    rows.append(back(texts, "m.invs", found.commune_id))
    return Screen("\n".join(lines), tuple(rows))


def _persons(turn: Turn, found: Invitation) -> list[Html]:
    """Who made it, and whom it replaces."""
    lines = []
    for key, person_id in (
        ("invites.by", found.created_by),
        ("invites.replaces", found.replaces_id),
    ):
        person = people.person(turn.tx, person_id) if person_id is not None else None
        if person is not None:
            name = person.name or turn.texts.say("somebody")
            lines.append(turn.texts.say(key, name=name))
    return lines


def _joined(turn: Turn, found: Invitation) -> list[Html]:
    texts, joined = turn.texts, roles.joined_by(turn.tx, found.id)
    if not joined:
        return [texts.say("invites.nobody")]
    lines = [texts.say("invites.who")]
    for one in joined[-_MOST_NAMES:]:
        name = one.name or texts.say("somebody")
        key = "invites.joined" if one.ended_at is None else "invites.joined_ended"
        day = Html(texts.day(one.began_at, turn.house.zone))
        lines.append(texts.say(key, name=name, day=day))
    return lines


def _state(turn: Turn, found: Invitation) -> Html:
    texts = turn.texts
    if found.revoked_at is not None:
        return texts.say("invites.state_revoked")
    if found.used >= found.uses:
        return texts.say("invites.state_used")
    return texts.say("invites.state_open" if found.valid(turn.now) else "invites.state_expired")


def _ask_revoke(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = office.invitation(turn, press.number(0))
    if found is None or not found.valid(turn.now):
        return None
    texts = turn.texts
    place = office.place_text(turn, found.role, found.unit_id, texts)
    text = texts.say("invites.revoke_ask", place=place)
    yes = (button(texts, "invites.button.revoke_yes", "m.irevy", found.id),)
    return Screen(text, (yes, back(texts, "m.inv", found.id)))


def _revoke(turn: Turn, press: Press, said: Said) -> Next | None:
    found = office.invitation(turn, press.number(0))
    if found is None or not found.valid(turn.now):
        return None
    invitations.revoke_invitation(turn.tx, found.id, turn.now, by=turn.person.id, way="button")
    return Next(to("m.inv", found.id), turn.texts.say("invites.revoked"))


STEPS = Steps(
    views={"m.invs": _all, "m.inv": _one, "m.irev": _ask_revoke},
    deeds={"m.irevy": _revoke},
)
