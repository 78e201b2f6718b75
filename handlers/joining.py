"""Joining by a link: nothing about a person is kept before "✅ Đồng ý"."""

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import home, telling
from handlers.channel import Button, Incoming, Reply, Screen, Shown
from handlers.house import House
from handlers.person_names import clean_name
from handlers.presses import Press, pack, unpack
from handlers.reporting.wording import unit_text
from handlers.texts import Html, Texts, language_of, texts_of
from handlers.turn import Turn
from storage import history, invitations, leaving, people, places, roles
from storage.invitations import Invitation
from storage.people import Person

CONSENT_VERSION = "2026-12"  # of the text "join.consent"
CONSENT_ACTION = "join"
_PASTED = re.compile(r"[?&]start=([\w-]{16,64})", re.ASCII)


def stranger(tx: Connection, incoming: Incoming, now: datetime, house: House) -> Reply:
    """A person of whom nothing is kept: the consent screen, or how to get in."""
    texts = texts_of(language_of(incoming.sender.language))
    if incoming.kind == "press":
        press = unpack(incoming.data)
        if press is not None and press.action == CONSENT_ACTION:
            agreed = _agreed(tx, incoming, press, now, house, texts)
            return replace(agreed, held_back=house.guesses.held_back(now))
    code = start_code(incoming)
    if code is None and not _known(tx, incoming, house):
        key = "join.how" if incoming.kind != "press" else "join.again"
        return _sentence(texts.say(key))
    asked = _asked(tx, incoming, code, now, house, texts)
    return replace(asked, held_back=house.guesses.held_back(now)) if code else asked


def _asked(
    tx: Connection, incoming: Incoming, code: str | None, now: datetime, house: House, texts: Texts
) -> Reply:
    """The consent screen, or why there is none."""
    refused = _refused(incoming, code, now, house)
    invitation = _invitation(tx, incoming, code, now, house)
    if invitation is None and not _known(tx, incoming, house):
        return _sentence(texts.say(refused))
    rows = (
        (Button(texts.say("button.agree"), pack(CONSENT_ACTION, code or "")),),
        (Button(texts.say("button.decline"), pack(CONSENT_ACTION, code or "", "n")),),
    )
    if invitation is None and not _operates(incoming, house):
        text = texts.say("join.return")
    else:
        text = texts.say("join.consent", place=_place_of(tx, invitation, texts))
    return Reply((Shown(Screen(text, rows)),))


def _operates(incoming: Incoming, house: House) -> bool:
    return incoming.sender.address in house.operator_ids


def _known(tx: Connection, incoming: Incoming, house: House) -> bool:
    """Whether no invitation is needed: an operator, or somebody back before 30 days are over."""
    sender = incoming.sender
    return _operates(incoming, house) or leaving.withdrawn(tx, sender.channel, sender.address)


def _refused(incoming: Incoming, code: str | None, now: datetime, house: House) -> str:
    """What is said of a code that opens nothing: who guessed too often is told to wait."""
    too_many = code and house.guesses.too_many(_account(incoming), now)
    return "join.too_many" if too_many else "join.invalid"


def _account(incoming: Incoming) -> str:
    return f"{incoming.sender.channel}:{incoming.sender.address}"


def _invitation(
    tx: Connection, incoming: Incoming, code: str | None, now: datetime, house: House
) -> Invitation | None:
    """The invitation of a code by which somebody can still join."""
    found = _of_code(tx, incoming, code, now, house)
    return found if found is not None and found.valid(now) else None


def _of_code(
    tx: Connection, incoming: Incoming, code: str | None, now: datetime, house: House
) -> Invitation | None:
    """The invitation of a code, used up or not; a code that never was one is counted.

    None too, without looking, for who tried too many of those.
    """
    account = _account(incoming)
    if not code or house.guesses.too_many(account, now):
        return None
    found = invitations.find_invitation(tx, code)
    if found is None:
        house.guesses.wrong(account, now)
    return found


def start_code(incoming: Incoming) -> str | None:
    """The code in "/start CODE", or in a link that was pasted; None in anything else."""
    if incoming.kind != "text":
        return None
    words = incoming.text.split()
    if len(words) >= 2 and words[0].partition("@")[0] == "/start":
        return words[1][:64]
    pasted = _PASTED.search(incoming.text)
    return pasted[1] if pasted else None


def _agreed(
    tx: Connection, incoming: Incoming, press: Press, now: datetime, house: House, texts: Texts
) -> Reply:
    if press.text(1) == "n":
        return _sentence(texts.say("join.declined"), edit=incoming.message)
    code = press.text(0)
    refused = _refused(incoming, code, now, house)
    invitation = _invitation(tx, incoming, code, now, house)
    if invitation is None and not _known(tx, incoming, house):
        return _sentence(texts.say(refused), edit=incoming.message)
    if invitation is not None and not invitations.use_invitation(tx, invitation.id):
        return _sentence(texts.say("join.invalid"), edit=incoming.message)
    sender = incoming.sender
    person = people.add_person(
        tx,
        channel=sender.channel,
        address=sender.address,
        name=clean_name(sender.name),
        handle=sender.handle,
        language=texts.language,
        consent_version=CONSENT_VERSION,
        now=now,
    )
    if invitation is not None:
        _enrol(tx, person, invitation, now, house)
    return _welcome(tx, incoming, person, invitation, now, house, texts)


def _enrol(
    tx: Connection, person: Person, invitation: Invitation, now: datetime, house: House
) -> None:
    people.add_membership(
        tx,
        person.id,
        invitation.role,
        unit_id=invitation.unit_id,
        commune_id=invitation.commune_id,
        group_name=invitation.group_name,
        invitation_id=invitation.id,
        now=now,
    )
    history.record(
        tx,
        "role",
        "button",
        now,
        person_id=person.id,
        commune_id=invitation.commune_id,
        unit_id=invitation.unit_id,
        new={"role": invitation.role},
    )
    if invitation.replaces_id is not None and invitation.commune_id is not None:
        gone = roles.replace_person(
            tx, invitation.replaces_id, invitation.commune_id, person.id, now
        )
        if gone:
            telling.tell(tx, invitation.replaces_id, "notice.replaced", now, house.zone)


def _welcome(
    tx: Connection,
    incoming: Incoming,
    person: Person,
    invitation: Invitation | None,
    now: datetime,
    house: House,
    texts: Texts,
) -> Reply:
    memberships = tuple(people.memberships_of(tx, person.id))
    turn = Turn(tx, now, house, incoming, person, memberships, texts)
    if invitation is None and not _operates(incoming, house):
        said = texts.say("join.returned")
    else:
        said = texts.say("join.welcome", place=_place_of(tx, invitation, texts))
    if invitation is not None and invitation.role == "reporter":
        said = Html(f"{said}\n{texts.say('practice.hint')}")
    reply = home.home(turn, said, edit=True)
    return Reply(reply.shown, commands=home.commands_of(turn), person=person.id)


def joined_again(turn: Turn, code: str) -> Reply:
    """A member opens a link: one more role, that they have it already, or why not."""
    joined = _joined_by(turn, code)
    return replace(joined, held_back=turn.house.guesses.held_back(turn.now))


def _joined_by(turn: Turn, code: str) -> Reply:
    refused = _refused(turn.incoming, code, turn.now, turn.house)
    invitation = _of_code(turn.tx, turn.incoming, code, turn.now, turn.house)
    if invitation is None:
        return home.home(turn, turn.texts.say(refused))
    place = _place_of(turn.tx, invitation, turn.texts)
    if any(  # whether it is used up or not: most open their own link once more
        m.role == invitation.role
        and m.unit_id == invitation.unit_id
        and m.commune_id == invitation.commune_id
        and m.group_name == invitation.group_name
        for m in turn.memberships
    ):
        return home.home(turn, turn.texts.say("join.already", place=place))
    if not invitation.valid(turn.now) or not invitations.use_invitation(turn.tx, invitation.id):
        return home.home(turn, turn.texts.say("join.invalid"))
    _enrol(turn.tx, turn.person, invitation, turn.now, turn.house)
    return _welcome(
        turn.tx, turn.incoming, turn.person, invitation, turn.now, turn.house, turn.texts
    )


def _place_of(tx: Connection, invitation: Invitation | None, texts: Texts) -> str:
    if invitation is None:
        return texts.say("join.place_operator")
    if invitation.unit_id is not None:
        unit = places.unit(tx, invitation.unit_id)
        commune = places.commune(tx, unit.commune_id)
        return texts.say("join.place_area", unit=unit_text(unit, texts), commune=commune.name)
    if invitation.commune_id is not None:
        commune = places.commune(tx, invitation.commune_id)
        return texts.say(f"join.place_{invitation.role}", commune=commune.name)
    return texts.say("join.place_operator")


def _sentence(text: str, edit: str | None = None) -> Reply:
    return Reply((Shown(Screen(text), edit=edit),))
