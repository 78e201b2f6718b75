"""Joining by a link: nothing about a person is kept before "✅ Đồng ý"."""

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import home
from handlers.flow.channel import Button, Incoming, Reply, Screen, Shown
from handlers.flow.commands import menu_of
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.press import Press, pack, unpack
from handlers.joining.person_names import clean_name
from handlers.messages import notifications
from handlers.report.wording import unit_text
from handlers.texts import Html, Texts, language_of, texts_of
from storage import history, invitations, people, places, roles
from storage.invitations import Invitation
from storage.people import Person
from storage.personal_data import leaving

CONSENT_VERSION = "2026-12-2"  # of the text "join.consent"
CONSENT_ACTION = "join"
_PASTED = re.compile(r"[?&]start=([\w-]{16,64})", re.ASCII)


def stranger(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    """A person of whom nothing is kept: the consent screen, or how to get in."""
    texts = texts_of(language_of(incoming.sender.language))
    if incoming.kind == "press":
        press = unpack(incoming.data)
        if press is not None and press.action == CONSENT_ACTION:
            agreed = _agreed(tx, incoming, press, now, deployment, texts)
            return replace(agreed, held_back=deployment.guesses.held_back(now))
    code = start_code(incoming)
    if code is None and not _known(tx, incoming, deployment):
        key = "join.how" if incoming.kind != "press" else "join.again"
        return _sentence(texts.say(key))
    asked = _asked(tx, incoming, code, now, deployment, texts)
    return replace(asked, held_back=deployment.guesses.held_back(now)) if code else asked


def _asked(
    tx: Connection,
    incoming: Incoming,
    code: str | None,
    now: datetime,
    deployment: Deployment,
    texts: Texts,
) -> Reply:
    """The consent screen, or why there is none."""
    refused = _refused(incoming, code, now, deployment)
    invitation = _invitation(tx, incoming, code, now, deployment)
    if invitation is None and not _known(tx, incoming, deployment):
        return _sentence(texts.say(refused))
    rows = (
        (Button(texts.say("button.agree"), pack(CONSENT_ACTION, code or "")),),
        (Button(texts.say("button.decline"), pack(CONSENT_ACTION, code or "", "n")),),
    )
    if invitation is None and not _operates(incoming, deployment):
        text = texts.say("join.return")
    else:
        place = _place_of(tx, invitation, texts)
        text = texts.say("join.consent", place=place, months=deployment.evidence_months)
    return Reply((Shown(Screen(text, rows)),))


def _operates(incoming: Incoming, deployment: Deployment) -> bool:
    return incoming.sender.address in deployment.operator_ids


def _known(tx: Connection, incoming: Incoming, deployment: Deployment) -> bool:
    """Whether no invitation is needed: an operator, or somebody back before 30 days are over."""
    sender = incoming.sender
    return _operates(incoming, deployment) or leaving.withdrawn(tx, sender.channel, sender.address)


def _refused(incoming: Incoming, code: str | None, now: datetime, deployment: Deployment) -> str:
    """What is said of a code that opens nothing: who guessed too often is told to wait."""
    too_many = code and deployment.guesses.too_many(_account(incoming), now)
    return "join.too_many" if too_many else "join.invalid"


def _account(incoming: Incoming) -> str:
    return f"{incoming.sender.channel}:{incoming.sender.address}"


def _invitation(
    tx: Connection, incoming: Incoming, code: str | None, now: datetime, deployment: Deployment
) -> Invitation | None:
    """The invitation of a code by which somebody can still join."""
    found = _of_code(tx, incoming, code, now, deployment)
    return found if found is not None and found.valid(now) else None


def _of_code(
    tx: Connection, incoming: Incoming, code: str | None, now: datetime, deployment: Deployment
) -> Invitation | None:
    """The invitation of a code, used up or not; a code that never was one is counted.

    None too, without looking, for who tried too many of those.
    """
    account = _account(incoming)
    if not code or deployment.guesses.too_many(account, now):
        return None
    found = invitations.find_invitation(tx, code)
    if found is None:
        deployment.guesses.wrong(account, now)
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
    tx: Connection,
    incoming: Incoming,
    press: Press,
    now: datetime,
    deployment: Deployment,
    texts: Texts,
) -> Reply:
    if press.text(1) == "n":
        return _sentence(texts.say("join.declined"), edit=incoming.message)
    code = press.text(0)
    refused = _refused(incoming, code, now, deployment)
    invitation = _invitation(tx, incoming, code, now, deployment)
    if invitation is None and not _known(tx, incoming, deployment):
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
        _enrol(tx, person, invitation, now, deployment)
    return _welcome(tx, incoming, person, invitation, now, deployment, texts)


def _enrol(
    tx: Connection, person: Person, invitation: Invitation, now: datetime, deployment: Deployment
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
            notifications.tell(tx, invitation.replaces_id, "notice.replaced", now, deployment.zone)


def _welcome(
    tx: Connection,
    incoming: Incoming,
    person: Person,
    invitation: Invitation | None,
    now: datetime,
    deployment: Deployment,
    texts: Texts,
) -> Reply:
    memberships = tuple(people.memberships_of(tx, person.id))
    context = Context(tx, now, deployment, incoming, person, memberships, texts)
    if invitation is None and not _operates(incoming, deployment):
        said = texts.say("join.returned")
    else:
        said = texts.say("join.welcome", place=_place_of(tx, invitation, texts))
    if invitation is not None and invitation.role == "reporter":
        said = Html(f"{said}\n{texts.say('practice.hint')}")
    reply = home.home(context, said, edit=True)
    return Reply(reply.shown, commands=menu_of(context), person=person.id)


def joined_again(context: Context, code: str) -> Reply:
    """A member opens a link: one more role, that they have it already, or why not."""
    joined = _joined_by(context, code)
    return replace(joined, held_back=context.deployment.guesses.held_back(context.now))


def _joined_by(context: Context, code: str) -> Reply:
    refused = _refused(context.incoming, code, context.now, context.deployment)
    invitation = _of_code(context.tx, context.incoming, code, context.now, context.deployment)
    if invitation is None:
        return home.home(context, context.texts.say(refused))
    place = _place_of(context.tx, invitation, context.texts)
    if any(  # whether it is used up or not: most open their own link once more
        m.role == invitation.role
        and m.unit_id == invitation.unit_id
        and m.commune_id == invitation.commune_id
        and m.group_name == invitation.group_name
        for m in context.memberships
    ):
        return home.home(context, context.texts.say("join.already", place=place))
    if not invitation.valid(context.now) or not invitations.use_invitation(
        context.tx, invitation.id
    ):
        return home.home(context, context.texts.say("join.invalid"))
    _enrol(context.tx, context.person, invitation, context.now, context.deployment)
    return _welcome(
        context.tx,
        context.incoming,
        context.person,
        invitation,
        context.now,
        context.deployment,
        context.texts,
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
