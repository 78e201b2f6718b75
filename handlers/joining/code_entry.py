"""A person who enters a joining code, or none: what it opens, and the limit of wrong codes."""

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
from storage.personal_data import withdrawal
from storage.places import places


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A message of a person who enters a joining code, or none."""

    tx: Connection
    incoming: Incoming
    now: datetime
    deployment: Deployment
    texts: Texts
    code: str | None

    @property
    def bot(self) -> str:
        """The bot that the person writes to."""
        return self.incoming.sender.bot

    @property
    def account(self) -> str:
        """The account for which wrong codes are counted."""
        return account_of(self.incoming)

    @property
    def operates(self) -> bool:
        """Whether the person is an operator of the installation by setting."""
        return self.deployment.is_operator(self.incoming.sender)

    @property
    def known(self) -> bool:
        """Whether no invitation is needed: an operator, or a person who returns within 30 days."""
        sender = self.incoming.sender
        return self.operates or withdrawal.withdrawn(self.tx, sender.bot, sender.address)

    def invitation(self) -> tuple[Invitation | None, str]:
        """Return the code's invitation, used up or not, and the key of the refusal.

        A code that was never issued is counted. After too many of them no code is looked up.
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
        """Return the linking of a code that joins two chats of a person; the same limit applies."""
        if not self.code or self.deployment.code_rate_limit.too_many(self.account, self.now):
            return None
        short = short_codes.read_code(self.code)
        if short is None:
            return None
        return linkings.by_code(self.tx, self.deployment.short_codes.linking_hash(short), self.now)

    def admit(self) -> tuple[Invitation | None, Reply | None]:
        """Return the valid invitation, if any, and the refusal; no refusal if they can join."""
        found, refused = self.invitation()
        invitation = found if found is not None and found.valid(self.now) else None
        if invitation is None and not self.known:
            return None, self.sentence(refused)
        return invitation, self._refused_as_full(invitation)

    def _refused_as_full(self, invitation: Invitation | None) -> Reply | None:
        """Refuse a new person if the bot is full; None if it is not, or they were there before."""
        bot = self.bot
        if invitation is None or self.known or not full_bot.is_full(self.tx, bot, self.deployment):
            return None
        full_bot.tell_officers(
            self.tx, bot, [invitation.commune_id] if invitation.commune_id is not None else [],
            lambda texts: place_of(self.tx, invitation, texts), self.now, self.deployment,
        )  # fmt: skip
        return self.says(full_bot.other_ways_to_join(bot, self.deployment, self.texts))

    def delayed(self, reply: Reply) -> Reply:
        """Return the reply with its delay while many wrong codes are entered."""
        return replace(reply, delay=self.deployment.code_rate_limit.delay(self.now))

    def sentence(self, key: str) -> Reply:
        """Return a reply of one sentence of the catalogue."""
        return self.says(self.texts.say(key))

    def says(self, text: Html, rows: Rows = ()) -> Reply:
        """Return a reply with a text, in place of the pressed message if it was a press."""
        edit = self.incoming.message if self.incoming.kind == "press" else None
        return Reply((Shown(Screen(text, rows), edit=edit),))


def account_of(incoming: Incoming) -> str:
    """Return the name of the chat for which wrong codes are counted."""
    return f"{incoming.sender.bot}:{incoming.sender.address}"


def place_of(tx: Connection, role: Invitation | Membership | None, texts: Texts) -> str:
    """Return the text of a role and its place; without a role that of an operator."""
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
