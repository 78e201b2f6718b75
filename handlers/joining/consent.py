"""Joining by a link or a short code: nothing about a person is kept before "✅ Đồng ý"."""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from handlers import home
from handlers.flow.channel import Button, Incoming, Reply, Screen, Shown
from handlers.flow.commands import menu_of
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.messengers import messenger_name
from handlers.flow.phrases import phrase
from handlers.flow.press import Press, pack, unpack
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import NoArguments, action
from handlers.joining import full_bot
from handlers.joining.person_names import clean_name
from handlers.linking import other_side
from handlers.messages import notifications
from handlers.operator.communes import with_group
from handlers.report.wording import unit_text
from handlers.texts import Html, Texts, language_of
from storage import history, invitations, people, places, roles, short_codes
from storage.invitations import Invitation
from storage.linkings import Linking
from storage.people import Person
from storage.personal_data import leaving

CONSENT_VERSION = "2026-12-4"  # of the text "join.consent"
_AGREE = "join"
_PASTED = re.compile(r"[?&]start=([\w-]{16,64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Somebody who comes with a code, or without one."""

    tx: Connection
    incoming: Incoming
    now: datetime
    deployment: Deployment
    texts: Texts
    code: str | None

    @property
    def account(self) -> str:
        """By which wrong codes are counted."""
        return account_of(self.incoming)

    @property
    def operates(self) -> bool:
        """Whether it is an operator of the installation."""
        return self.deployment.is_operator(self.incoming.sender)

    @property
    def known(self) -> bool:
        """Whether no invitation is needed: an operator, or somebody back within 30 days."""
        sender = self.incoming.sender
        return self.operates or leaving.withdrawn(self.tx, sender.bot, sender.address)

    def invitation(self) -> tuple[Invitation | None, str]:
        """The invitation of the code, used up or not, and what is said where it opens nothing.

        A code that never was one is counted; whoever tried too many is told to wait, without a
        look at the code.
        """
        if not self.code:
            return None, "join.invalid"
        if self.deployment.guesses.too_many(self.account, self.now):
            return None, "join.too_many"
        short = short_codes.read_code(self.code)
        if short is not None:
            found = self.deployment.short_codes.find(self.tx, short)
        else:
            found = invitations.find_invitation(self.tx, self.code)
        if found is None:
            self.deployment.guesses.wrong(self.account, self.now)
        return found, "join.invalid"

    def linking(self) -> Linking | None:
        """The linking of a code that joins two chats of one person; the brake is the same."""
        if not self.code or self.deployment.guesses.too_many(self.account, self.now):
            return None
        return other_side.linking_of(self.tx, self.code, self.now, self.deployment)

    def open_invitation(self) -> tuple[Invitation | None, str]:
        """The same; an invitation only if somebody can still join by it."""
        found, refused = self.invitation()
        return (found if found is not None and found.valid(self.now) else None), refused

    def refused_as_full(self, invitation: Invitation | None) -> Reply | None:
        """That the bot has no room for one more; None when it has, or they were there before."""
        bot = self.incoming.sender.bot
        if invitation is None or self.known or not full_bot.is_full(self.tx, bot, self.deployment):
            return None
        full_bot.tell_officers(
            self.tx, bot, [invitation.commune_id] if invitation.commune_id is not None else [],
            lambda texts: _place_of(self.tx, invitation, texts), self.now, self.deployment,
        )  # fmt: skip
        return self.says(full_bot.instead(bot, self.deployment, self.texts))

    def held_back(self, reply: Reply) -> Reply:
        """The reply to a code, which waits while many try codes."""
        return replace(reply, held_back=self.deployment.guesses.held_back(self.now))

    def sentence(self, key: str) -> Reply:
        """One sentence of the catalogue."""
        return self.says(self.texts.say(key))

    def says(self, text: Html) -> Reply:
        """A text in the place of the message that was pressed."""
        edit = self.incoming.message if self.incoming.kind == "press" else None
        return Reply((Shown(Screen(text), edit=edit),))


def stranger(tx: Connection, incoming: Incoming, now: datetime, deployment: Deployment) -> Reply:
    """A person of whom nothing is kept: the consent screen, or how to get in."""
    texts = deployment.texts(language_of(incoming.sender.language), incoming.sender.bot)
    press = unpack(incoming.data) if incoming.kind == "press" else None
    if press is not None and press.action == other_side.STRANGER:
        arrival = _Arrival(tx, incoming, now, deployment, texts, press.text(0))
        return arrival.held_back(_linking_answered(arrival, press))
    if press is not None and press.action == _AGREE:
        arrival = _Arrival(tx, incoming, now, deployment, texts, press.text(0))
        return arrival.held_back(_answered(arrival, declined=press.text(1) == "n"))
    arrival = _Arrival(tx, incoming, now, deployment, texts, start_code(incoming))
    if arrival.code is None and not arrival.known:
        if (waiting := other_side.still_waiting(tx, incoming, now, texts)) is not None:
            return arrival.says(waiting)
        key = "join.how" if incoming.kind != "press" else "join.again"
        return Reply((Shown(Screen(texts.say(key))),))
    linking = arrival.linking()
    if linking is not None:
        return other_side.ask_stranger(
            tx, incoming, linking, arrival.code or "", now, deployment, texts
        )
    asked = _asked(arrival)
    return arrival.held_back(asked) if arrival.code else asked


def account_of(incoming: Incoming) -> str:
    """The chat that writes, by which wrong codes are counted."""
    return f"{incoming.sender.bot}:{incoming.sender.address}"


def _linking_answered(arrival: _Arrival, press: Press) -> Reply:
    """The word of a chat of nobody known on being joined to a person."""
    linking = arrival.linking()
    if linking is None:
        return arrival.sentence(arrival.invitation()[1])
    return other_side.answer_stranger(
        arrival.tx,
        arrival.incoming,
        linking,
        press,
        arrival.now,
        arrival.deployment,
        arrival.texts,
    )


def _asked(arrival: _Arrival) -> Reply:
    """The consent screen, or why there is none."""
    texts, code = arrival.texts, arrival.code or ""
    invitation, refused = arrival.open_invitation()
    if invitation is None and not arrival.known:
        return arrival.sentence(refused)
    full = arrival.refused_as_full(invitation)
    if full is not None:
        return full
    rows = (
        (Button(texts.say("button.agree"), pack(_AGREE, code)),),
        (Button(texts.say("button.decline"), pack(_AGREE, code, "n")),),
    )
    if invitation is None and not arrival.operates:
        text = texts.say("join.return")
    else:
        place = _place_of(arrival.tx, invitation, texts)
        kept = arrival.deployment
        text = texts.say(
            "join.consent", place=place, months=kept.evidence_months, years=kept.round_years,
            messenger=messenger_name(arrival.incoming.sender.bot, texts),
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


def _answered(arrival: _Arrival, *, declined: bool) -> Reply:
    """Keep who agreed, with the role of the invitation."""
    if declined:
        return arrival.sentence("join.declined")
    tx, sender = arrival.tx, arrival.incoming.sender
    invitation, refused = arrival.open_invitation()
    if invitation is None and not arrival.known:
        return arrival.sentence(refused)
    full = arrival.refused_as_full(invitation)
    if full is not None:
        return full
    if invitation is not None and not invitations.use_invitation(tx, invitation.id):
        return arrival.sentence("join.invalid")
    person = people.add_person(
        tx,
        bot=sender.bot,
        address=sender.address,
        name=clean_name(sender.name),
        handle=sender.handle,
        language=arrival.texts.language,
        consent_version=CONSENT_VERSION,
        now=arrival.now,
        way=arrival.incoming.way,
    )
    if invitation is not None:
        _enrol(arrival, person, invitation)
    return _welcome(arrival, person, invitation)


def _enrol(arrival: _Arrival, person: Person, invitation: Invitation) -> None:
    tx, now, way = arrival.tx, arrival.now, arrival.incoming.way
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
            notifications.tell(
                tx, invitation.replaces_id, "notice.replaced", now, arrival.deployment.zone
            )


def _welcome(arrival: _Arrival, person: Person, invitation: Invitation | None) -> Reply:
    """The start screen with the role that was given, and the command menu for it."""
    tx, texts = arrival.tx, arrival.texts
    memberships = tuple(people.memberships_of(tx, person.id))
    context = Context(
        tx, arrival.now, arrival.deployment, arrival.incoming, person, memberships, texts
    )
    if invitation is None and not arrival.operates:
        said = texts.say("join.returned")
    else:
        said = texts.say("join.welcome", place=_place_of(tx, invitation, texts))
    if invitation is not None and invitation.role == "reporter":
        said = Html(f"{said}\n{texts.say('practice.hint')}")
    reply = home.home(context, said, edit=True)
    return Reply(reply.shown, commands=menu_of(context), person=person.id)


@action(_AGREE, NoArguments, right=EVERYBODY)
def agree_again(context: Context, at: NoArguments) -> Reply:
    """The start screen for somebody who has agreed already."""
    return home.home(context)


def joined_again(context: Context, code: str) -> Reply:
    """A member opens a link: one more role, that they have it already, or why not."""
    tx, now, deployment = context.tx, context.now, context.deployment
    arrival = _Arrival(tx, context.incoming, now, deployment, context.texts, code)
    invitation, refused = arrival.invitation()
    if invitation is None:
        return arrival.held_back(home.home(context, context.texts.say(refused)))
    return arrival.held_back(_joined_by(context, arrival, invitation))


def joined_by_typing(context: Context, text: str) -> Reply | None:
    """A member types a short code; None for any other text, also for one that only looks so.

    What is no code of ours may be an answer, a note or a number of a document.
    """
    code = short_codes.read_code(text)
    if code is None:
        return None
    tx, now, deployment = context.tx, context.now, context.deployment
    arrival = _Arrival(tx, context.incoming, now, deployment, context.texts, code)
    linking = arrival.linking()
    if linking is not None:
        return other_side.ask_member(context, linking)
    invitation, _ = arrival.invitation()
    if invitation is None:
        return None
    return arrival.held_back(_joined_by(context, arrival, invitation))


@phrase(at_rest=True)
def wrong_code(context: Context, text: str) -> Reply | None:
    """What looks like a short code and isn't one, where nothing else was asked."""
    if short_codes.read_code(text) is None:
        return None
    deployment = context.deployment
    waits = deployment.guesses.too_many(account_of(context.incoming), context.now)
    said = context.texts.say("join.too_many" if waits else "join.invalid")
    return replace(home.home(context, said), held_back=deployment.guesses.held_back(context.now))


def _joined_by(context: Context, arrival: _Arrival, invitation: Invitation) -> Reply:
    tx, texts = context.tx, context.texts
    if any(  # whether it is used up or not: most open their own link once more
        m.role == invitation.role
        and m.unit_id == invitation.unit_id
        and m.commune_id == invitation.commune_id
        and m.group_name == invitation.group_name
        for m in context.memberships
    ):
        place = _place_of(tx, invitation, texts)
        return home.home(context, texts.say("join.already", place=place))
    valid = invitation.valid(context.now)
    if not valid or not invitations.use_invitation(tx, invitation.id):
        return home.home(context, texts.say("join.invalid"))
    _enrol(arrival, context.person, invitation)
    return _welcome(arrival, context.person, invitation)


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
    return with_group(texts, "join.place_operator", invitation.group_name)
