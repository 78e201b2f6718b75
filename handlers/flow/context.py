"""The context of one update: the person, their roles, the time, and what they did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from typing import TypedDict

from sqlalchemy import Connection

from handlers.flow.channel import Incoming, Reply, Screen, Shown
from handlers.flow.deployment import Deployment
from handlers.flow.press import Press
from handlers.texts import Texts
from storage.people import addresses, reporters
from storage.people.people import Membership, Person

_NEARLY_A_SECOND = timedelta(microseconds=999_999)


class Authorship(TypedDict):
    """The author of a change, its time and its way, as the history stores them."""

    by: int
    now: datetime
    way: str


@dataclass(frozen=True, slots=True)
class Context:
    """All that a use case needs; the roles are read from the database for this update.

    `address` is the address being handled; `typed` are the texts typed earlier in its flow.
    """

    tx: Connection
    now: datetime
    deployment: Deployment
    incoming: Incoming
    person: Person
    memberships: tuple[Membership, ...]
    texts: Texts
    address: Press | None = None
    typed: tuple[str, ...] = ()
    page: int = 0  # of a list, from 0; the last part of an address
    list_length: int = 0  # of a page of a list, where it is longer than on a telephone
    # The person's areas that have merged or split, until their round closes; loaded when needed.
    until_close: Callable[[], tuple[int, ...]] = tuple
    # All chats of the person, as bot and chat; loaded when needed.
    chats: Callable[[], tuple[tuple[str, str], ...]] = tuple

    @property
    def here(self) -> Press:
        """The address being handled; raises LookupError outside of a route."""
        if self.address is None:
            raise LookupError("no route is being handled")
        return self.address

    @property
    def done_at(self) -> datetime:
        """When the person wrote or pressed it, never later than now.

        A message has a time in whole seconds, of which the end counts. A press has only the time
        of its arrival.
        """
        if self.incoming.written_at is not None:
            return min(self.now, self.incoming.written_at + _NEARLY_A_SECOND)
        return min(self.now, self.incoming.arrived_at or self.now)

    def holds(self, role: str, commune_id: int | None = None) -> bool:
        """Return whether the person has the role (in that commune)."""
        return any(
            m.role == role and (commune_id is None or m.commune_id == commune_id)
            for m in self.memberships
        )

    @property
    def way(self) -> str:
        """The way in the history: a press of a button, or a message."""
        return self.incoming.way

    @property
    def authorship(self) -> Authorship:
        """The named arguments of functions that store a change in the history."""
        return {"by": self.person.id, "now": self.now, "way": self.way}

    @property
    def areas(self) -> tuple[int, ...]:
        """The areas that the person reports for."""
        own = (m.unit_id for m in self.memberships if m.role == "reporter")
        return (*(one for one in own if one is not None), *self.until_close())

    def reports_for(self, area: int) -> bool:
        """Return whether the person reports for this area."""
        own = any(m.role == "reporter" and m.unit_id == area for m in self.memberships)
        return own or area in self.until_close()

    @property
    def office_communes(self) -> tuple[int, ...]:
        """The communes whose officer the person is."""
        return tuple(
            m.commune_id
            for m in self.memberships
            if m.role == "officer" and m.commune_id is not None
        )

    @property
    def communes_read(self) -> tuple[int, ...]:
        """The communes that the person may read as officer or leader."""
        return tuple(
            dict.fromkeys(
                m.commune_id
                for m in self.memberships
                if m.role in {"officer", "leader"} and m.commune_id is not None
            )
        )

    @property
    def operator(self) -> bool:
        """Whether the person runs the installation, or a group of communes."""
        return self.named_operator or self.holds("operator")

    @property
    def named_operator(self) -> bool:
        """Whether a setting names a chat of the person as an operator's."""
        if self.deployment.is_operator(self.incoming.sender):
            return True
        named = self.deployment.operators
        if not named or len(self.deployment.bots) == 1:  # the person has only this chat
            return False
        return any(one in named for one in self.chats())

    @property
    def bot(self) -> str:
        """The bot that the person writes to."""
        return self.incoming.sender.bot

    @property
    def takes_documents(self) -> bool:
        """Whether a file can come with a screen: on a page of the board, or in the bot's chats."""
        return bool(self.list_length) or self.deployment.capabilities(self.bot).documents

    @property
    def pressed_on(self) -> str | None:
        """The message whose button was pressed; None for anything that isn't a press."""
        return self.incoming.message if self.incoming.kind == "press" else None

    def shows(self, screen: Screen, *, edit: bool = True) -> Reply:
        """Return a reply with the screen in place of the pressed message, else as a new one."""
        return Reply(
            (Shown(screen, edit=self.pressed_on if edit else None),), person=self.person.id
        )


def context_of(
    tx: Connection, incoming: Incoming, person: Person, roles: tuple[Membership, ...],
    now: datetime, deployment: Deployment,
) -> Context:  # fmt: skip
    """Return the context of a person's update, with their roles and language."""
    return Context(
        tx, now, deployment, incoming, person, roles,
        deployment.texts(person.language, incoming.sender.bot),
        until_close=areas_until_close(tx, person.id, roles, now),
        chats=cache(lambda: tuple((a.bot, a.chat) for a in addresses.addresses_of(tx, person.id))),
    )  # fmt: skip


def areas_until_close(
    tx: Connection, person_id: int, roles: Sequence[Membership], now: datetime
) -> Callable[[], tuple[int, ...]]:
    """Return a function that loads, once, the old areas the person reports for until the close."""
    if all(one.role != "reporter" for one in roles):
        return tuple
    return cache(partial(reporters.areas_until_close, tx, person_id, now))
