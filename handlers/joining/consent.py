"""Joining by a link or a short code; nothing about a person is stored before "✅ Đồng ý"."""

import re
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import home
from handlers.flow.channel import Button, Incoming, Reply, Screen, Shown
from handlers.flow.commands import menu_of, phrase
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment, messenger_name
from handlers.flow.press import Press, pack, unpack
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import action
from handlers.joining.code_entry import CodeEntry, account_of, place_of
from handlers.joining.person_names import clean_name
from handlers.linking import other_side
from handlers.messages import notifications
from handlers.texts import Html, language_of
from storage import history
from storage.people import invitations, people, roles, short_codes
from storage.people.invitations import Invitation
from storage.people.people import Person

CONSENT_VERSION = "2026-12-4"  # of the text "join.consent"
_AGREE = "join"
_PASTED = re.compile(r"[?&]start=([\w-]{16,64})", re.ASCII)


def reply_to_stranger(
    tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment
) -> Reply:
    """Reply to a person about whom nothing is stored: ask for consent, or explain how to join."""
    texts = deployment.texts(language_of(incoming.sender.language), incoming.sender.bot)
    press = unpack(incoming.data) if incoming.kind == "press" else None
    known_action = press is not None and press.action in {other_side.STRANGER, _AGREE}
    code = press.text(0) if press is not None and known_action else start_code(incoming)
    entry = CodeEntry(tx, incoming, now, deployment, texts, code)
    if press is not None and known_action:
        if press.action == _AGREE:
            return entry.delayed(_handle_consent(entry, declined=press.text(1) == "n"))
        return entry.delayed(_handle_linking_consent(entry, press))
    if entry.code is None and not entry.known:
        if (waiting := other_side.still_waiting(entry)) is not None:
            return entry.says(waiting)
        key = "join.how" if incoming.kind != "press" else "join.again"
        return Reply((Shown(Screen(texts.say(key))),))
    linking = entry.linking()
    if linking is not None:
        return other_side.ask_stranger(entry, linking)
    reply = _ask_for_consent(entry)
    return entry.delayed(reply) if entry.code else reply


def _handle_linking_consent(entry: CodeEntry, press: Press) -> Reply:
    """Handle the consent of an unknown chat to be linked to a person."""
    linking = entry.linking()
    if linking is None:
        return entry.sentence(entry.invitation()[1])
    return other_side.answer_stranger(entry, linking, press)


def _ask_for_consent(entry: CodeEntry) -> Reply:
    """Ask for consent, or explain why the person can't join."""
    texts, code = entry.texts, entry.code or ""
    invitation, refused = entry.admit()
    if refused is not None:
        return refused
    rows = (
        (Button(texts.say("button.agree"), pack(_AGREE, code)),),
        (Button(texts.say("button.decline"), pack(_AGREE, code, "n")),),
    )
    if invitation is None and not entry.operates:
        text = texts.say("join.return")
    else:
        place = place_of(entry.tx, invitation, texts)
        deployment = entry.deployment
        text = texts.say(
            "join.consent", place=place, months=deployment.evidence_months,
            years=deployment.round_years,
            messenger=messenger_name(entry.bot, texts),
        )  # fmt: skip
    return Reply((Shown(Screen(text, rows)),))


def start_code(incoming: Incoming) -> str | None:
    """Return the code in "/start CODE", in a pasted link, or typed alone; else None."""
    if incoming.kind != "text":
        return None
    words = incoming.text.split()
    if len(words) >= 2 and words[0].partition("@")[0] == "/start":
        return words[1][:64]
    pasted = _PASTED.search(incoming.text)
    return pasted[1] if pasted else short_codes.read_code(incoming.text)


def _handle_consent(entry: CodeEntry, *, declined: bool) -> Reply:
    """Store a person who agreed, with the role of the invitation."""
    if declined:
        return entry.sentence("join.declined")
    tx, sender = entry.tx, entry.incoming.sender
    invitation, refused = entry.admit()
    if refused is not None:
        return refused
    if invitation is not None and not invitations.use_invitation(tx, invitation.id):
        return entry.sentence("join.invalid")
    person = people.add_person(
        tx,
        bot=sender.bot,
        address=sender.address,
        name=clean_name(sender.name),
        handle=sender.handle,
        language=entry.texts.language,
        consent_version=CONSENT_VERSION,
        now=entry.now,
        way=entry.incoming.way,
    )
    if invitation is not None:
        _enrol(entry, person, invitation)
    return _welcome(entry, person, invitation)


def _enrol(entry: CodeEntry, person: Person, invitation: Invitation) -> None:
    tx, now, way = entry.tx, entry.now, entry.incoming.way
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
        way,
        now,
        person_id=person.id,
        commune_id=invitation.commune_id,
        unit_id=invitation.unit_id,
        new={"role": invitation.role},
    )
    if invitation.replaces_id is not None and invitation.commune_id is not None:
        replaced = roles.replace_person(
            tx, invitation.replaces_id, invitation.commune_id, person.id, now, way
        )
        if replaced:
            notifications.tell_all(
                tx, [invitation.replaces_id], "notice.replaced", now, entry.deployment.zone
            )


def _welcome(entry: CodeEntry, person: Person, invitation: Invitation | None) -> Reply:
    """Show the start screen with the new role, and its command menu."""
    tx, texts = entry.tx, entry.texts
    memberships = tuple(people.memberships_of(tx, person.id))
    context = Context(tx, entry.now, entry.deployment, entry.incoming, person, memberships, texts)
    if invitation is None and not entry.operates:
        message = texts.say("join.returned")
    else:
        message = texts.say("join.welcome", place=place_of(tx, invitation, texts))
    if invitation is not None and invitation.role == "reporter":
        message = Html(f"{message}\n{texts.say('practice.hint')}")
    reply = home.home(context, message, edit=True)
    return Reply(reply.shown, commands=menu_of(context), person=person.id)


@action(_AGREE, right=EVERYBODY)
def agree_again(context: Context) -> Reply:
    """Show the start screen to a person who has agreed already."""
    return home.home(context)


def _entry_of(context: Context, code: str) -> CodeEntry:
    return CodeEntry(
        context.tx, context.incoming, context.now, context.deployment, context.texts, code
    )


def join_by_link(context: Context, code: str) -> Reply:
    """Handle a link opened by a member: add the role, or explain why not."""
    entry = _entry_of(context, code)
    invitation, refused = entry.invitation()
    if invitation is None:
        return entry.delayed(home.home(context, context.texts.say(refused)))
    return entry.delayed(_join_by(context, entry, invitation))


def join_by_typing(context: Context, text: str) -> Reply | None:
    """Handle a short code typed by a member; None for any other text, also an unknown code.

    A text that is not a valid code may be an answer, a note or a number of a document.
    """
    code = short_codes.read_code(text)
    if code is None:
        return None
    entry = _entry_of(context, code)
    linking = entry.linking()
    if linking is not None:
        return other_side.ask_member(context, linking)
    invitation, _ = entry.invitation()
    if invitation is None:
        return None
    return entry.delayed(_join_by(context, entry, invitation))


@phrase(at_rest=True)
def wrong_code(context: Context, text: str) -> Reply | None:
    """Answer a text that looks like a short code and is none, if no question is open."""
    if short_codes.read_code(text) is None:
        return None
    deployment = context.deployment
    limited = deployment.code_rate_limit.too_many(account_of(context.incoming), context.now)
    message = context.texts.say("join.too_many" if limited else "join.invalid")
    return replace(home.home(context, message), delay=deployment.code_rate_limit.delay(context.now))


def _join_by(context: Context, entry: CodeEntry, invitation: Invitation) -> Reply:
    tx, texts = context.tx, context.texts
    if any(  # also if it is used up: most people open their own link again
        m.role == invitation.role
        and m.unit_id == invitation.unit_id
        and m.commune_id == invitation.commune_id
        and m.group_name == invitation.group_name
        for m in context.memberships
    ):
        place = place_of(tx, invitation, texts)
        return home.home(context, texts.say("join.already", place=place))
    valid = invitation.valid(context.now)
    if not valid or not invitations.use_invitation(tx, invitation.id):
        return home.home(context, texts.say("join.invalid"))
    _enrol(entry, context.person, invitation)
    return _welcome(entry, context.person, invitation)
