"""Joining by a link or a short code: nothing about a person is kept before "✅ Đồng ý"."""

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


def stranger(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    """A person of whom nothing is kept: the consent screen, or how to get in."""
    texts = deployment.texts(language_of(incoming.sender.language), incoming.sender.bot)
    press = unpack(incoming.data) if incoming.kind == "press" else None
    ours = press is not None and press.action in {other_side.STRANGER, _AGREE}
    code = press.text(0) if press is not None and ours else start_code(incoming)
    entry = CodeEntry(tx, incoming, now, deployment, texts, code)
    if press is not None and ours:
        if press.action == _AGREE:
            return entry.held_back(_answered(entry, declined=press.text(1) == "n"))
        return entry.held_back(_linking_answered(entry, press))
    if entry.code is None and not entry.known:
        if (waiting := other_side.still_waiting(entry)) is not None:
            return entry.says(waiting)
        key = "join.how" if incoming.kind != "press" else "join.again"
        return Reply((Shown(Screen(texts.say(key))),))
    linking = entry.linking()
    if linking is not None:
        return other_side.ask_stranger(entry, linking)
    asked = _asked(entry)
    return entry.held_back(asked) if entry.code else asked


def _linking_answered(entry: CodeEntry, press: Press) -> Reply:
    """The word of a chat of nobody known on being joined to a person."""
    linking = entry.linking()
    if linking is None:
        return entry.sentence(entry.invitation()[1])
    return other_side.answer_stranger(entry, linking, press)


def _asked(entry: CodeEntry) -> Reply:
    """The consent screen, or why there is none."""
    texts, code = entry.texts, entry.code or ""
    invitation, refused = entry.let_in()
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
        kept = entry.deployment
        text = texts.say(
            "join.consent", place=place, months=kept.evidence_months, years=kept.round_years,
            messenger=messenger_name(entry.bot, texts),
        )  # fmt: skip
    return Reply((Shown(Screen(text, rows)),))


def start_code(incoming: Incoming) -> str | None:
    """The code in "/start CODE", in a link that was pasted, or typed alone; else None."""
    if incoming.kind != "text":
        return None
    words = incoming.text.split()
    if len(words) >= 2 and words[0].partition("@")[0] == "/start":
        return words[1][:64]
    pasted = _PASTED.search(incoming.text)
    return pasted[1] if pasted else short_codes.read_code(incoming.text)


def _answered(entry: CodeEntry, *, declined: bool) -> Reply:
    """Keep who agreed, with the role of the invitation."""
    if declined:
        return entry.sentence("join.declined")
    tx, sender = entry.tx, entry.incoming.sender
    invitation, refused = entry.let_in()
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
        gone = roles.replace_person(
            tx, invitation.replaces_id, invitation.commune_id, person.id, now, way
        )
        if gone:
            notifications.tell_all(
                tx, [invitation.replaces_id], "notice.replaced", now, entry.deployment.zone
            )


def _welcome(entry: CodeEntry, person: Person, invitation: Invitation | None) -> Reply:
    """The start screen with the role that was given, and the command menu for it."""
    tx, texts = entry.tx, entry.texts
    memberships = tuple(people.memberships_of(tx, person.id))
    context = Context(tx, entry.now, entry.deployment, entry.incoming, person, memberships, texts)
    if invitation is None and not entry.operates:
        said = texts.say("join.returned")
    else:
        said = texts.say("join.welcome", place=place_of(tx, invitation, texts))
    if invitation is not None and invitation.role == "reporter":
        said = Html(f"{said}\n{texts.say('practice.hint')}")
    reply = home.home(context, said, edit=True)
    return Reply(reply.shown, commands=menu_of(context), person=person.id)


@action(_AGREE, right=EVERYBODY)
def agree_again(context: Context) -> Reply:
    """Show the start screen to a person who has agreed already."""
    return home.home(context)


def _entry_of(context: Context, code: str) -> CodeEntry:
    return CodeEntry(
        context.tx, context.incoming, context.now, context.deployment, context.texts, code
    )


def joined_again(context: Context, code: str) -> Reply:
    """A member opens a link: one more role, that they have it already, or why not."""
    entry = _entry_of(context, code)
    invitation, refused = entry.invitation()
    if invitation is None:
        return entry.held_back(home.home(context, context.texts.say(refused)))
    return entry.held_back(_joined_by(context, entry, invitation))


def joined_by_typing(context: Context, text: str) -> Reply | None:
    """A member types a short code; None for any other text, also for one that only looks so.

    What is no code of ours may be an answer, a note or a number of a document.
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
    return entry.held_back(_joined_by(context, entry, invitation))


@phrase(at_rest=True)
def wrong_code(context: Context, text: str) -> Reply | None:
    """Answer a text that looks like a short code and is none, where nothing else was asked."""
    if short_codes.read_code(text) is None:
        return None
    deployment = context.deployment
    waits = deployment.code_rate_limit.too_many(account_of(context.incoming), context.now)
    said = context.texts.say("join.too_many" if waits else "join.invalid")
    return replace(
        home.home(context, said), held_back=deployment.code_rate_limit.held_back(context.now)
    )


def _joined_by(context: Context, entry: CodeEntry, invitation: Invitation) -> Reply:
    tx, texts = context.tx, context.texts
    if any(  # whether it is used up or not: most open their own link once more
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
