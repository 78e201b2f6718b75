"""Somebody who comes with a code, or without one: what it opens, and the limit for wrong codes."""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from handlers.flow.channel import Incoming, Reply, Screen, Shown
from handlers.flow.deployment import Deployment
from handlers.flow.page import Rows
from handlers.joining import full_bot
from handlers.operator.communes import with_group
from handlers.texts import Html, Texts
from storage.people import invitations, linkings, short_codes
from storage.people.invitations import Invitation
from storage.people.linkings import Linking
from storage.people.people import Membership
from storage.personal_data import leaving
from storage.places import places


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """Somebody who comes with a code, or without one."""

    tx: Connection
    incoming: Incoming
    now: datetime
    deployment: Deployment
    texts: Texts
    code: str | None

    @property
    def bot(self) -> str:
        """The bot that is written to."""
        return self.incoming.sender.bot

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
        if self.deployment.code_rate_limit.too_many(self.account, self.now):
            return None, "join.too_many"
        short = short_codes.read_code(self.code)
        if short is not None:
            found = self.deployment.short_codes.find(self.tx, short)
        else:
            found = invitations.find_invitation(self.tx, self.code)
        if found is None:
            self.deployment.code_rate_limit.wrong(self.account, self.now)
        return found, "join.invalid"

    def linking(self) -> Linking | None:
        """The linking of a code that joins two chats of one person; the same limit holds."""
        if not self.code or self.deployment.code_rate_limit.too_many(self.account, self.now):
            return None
        short = short_codes.read_code(self.code)
        if short is None:
            return None
        return linkings.by_code(self.tx, self.deployment.short_codes.linking_hash(short), self.now)

    def let_in(self) -> tuple[Invitation | None, Reply | None]:
        """The invitation by which they can join, if they need one; and what keeps them out."""
        found, refused = self.invitation()
        invitation = found if found is not None and found.valid(self.now) else None
        if invitation is None and not self.known:
            return None, self.sentence(refused)
        return invitation, self._refused_as_full(invitation)

    def _refused_as_full(self, invitation: Invitation | None) -> Reply | None:
        """That the bot has no room for one more; None when it has, or they were there before."""
        bot = self.bot
        if invitation is None or self.known or not full_bot.is_full(self.tx, bot, self.deployment):
            return None
        full_bot.tell_officers(
            self.tx, bot, [invitation.commune_id] if invitation.commune_id is not None else [],
            lambda texts: place_of(self.tx, invitation, texts), self.now, self.deployment,
        )  # fmt: skip
        return self.says(full_bot.instead(bot, self.deployment, self.texts))

    def held_back(self, reply: Reply) -> Reply:
        """The reply to a code, which waits while many try codes."""
        return replace(reply, held_back=self.deployment.code_rate_limit.held_back(self.now))

    def sentence(self, key: str) -> Reply:
        """One sentence of the catalogue."""
        return self.says(self.texts.say(key))

    def says(self, text: Html, rows: Rows = ()) -> Reply:
        """A text in the place of the message that was pressed."""
        edit = self.incoming.message if self.incoming.kind == "press" else None
        return Reply((Shown(Screen(text, rows), edit=edit),))


def account_of(incoming: Incoming) -> str:
    """The chat that writes, by which wrong codes are counted."""
    return f"{incoming.sender.bot}:{incoming.sender.address}"


def place_of(tx: Connection, role: Invitation | Membership | None, texts: Texts) -> str:
    """What somebody is to be, or is, and where; without a role an operator."""
    if role is None:
        return texts.say("join.place_operator")
    if role.unit_id is not None:
        unit = places.unit(tx, role.unit_id)
        commune = places.commune(tx, unit.commune_id)
        return texts.say("join.place_area", unit=texts.unit(unit), commune=commune.name)
    if role.commune_id is not None:
        commune = places.commune(tx, role.commune_id)
        return texts.say(f"join.place_{role.role}", commune=commune.name)
    return with_group(texts, "join.place_operator", role.group_name)
