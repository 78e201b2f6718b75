"""Each person's place in the conversation, and the messages that the bot edits later."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import Connection, bindparam

from storage.engine.prepared import prepared
from storage.people.addresses import IN_USE
from storage.rounds.round_queries import takes_reports
from storage.tables import addresses, conversations, people, reports, rounds, shown_messages


@dataclass(frozen=True, slots=True)
class Conversation:
    """A person's place (versioned JSON of criteria.conversation) and its revision.

    `shown_revision` is the newest revision that certainly reached the person's screen. Until
    `grace_until` answers that were written in time can be confirmed and sent after the close.
    """

    person_id: int
    report_id: int | None
    place: str
    revision: int
    shown_revision: int
    touched_at: datetime
    grace_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class NotShown:
    """A person whose newest state is committed but may not have reached their screen."""

    person_id: int
    bot: str
    address: str


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A person's place in a report of an open round."""

    person_id: int
    place: str
    revision: int


CONVERSATION_COLUMNS = (
    conversations.c.person_id,
    conversations.c.report_id,
    conversations.c.place,
    conversations.c.revision,
    conversations.c.shown_revision,
    conversations.c.touched_at,
    conversations.c.grace_until,
)
_OF_PERSON = prepared(
    sa.select(*CONVERSATION_COLUMNS).where(conversations.c.person_id == bindparam("of_person"))
)
_MOVE = prepared(
    sa.update(conversations)
    .where(conversations.c.person_id == bindparam("of_person"))
    .values(
        report_id=bindparam("new_report"),
        place=bindparam("new_place"),
        revision=conversations.c.revision + 1,  # buttons of older revisions are outdated
        touched_at=bindparam("now", type_=conversations.c.touched_at.type),
    )
    .returning(conversations.c.revision)
)
# Only forwards: replies may be confirmed in another order than they were sent.
_SEEN = prepared(
    sa.update(conversations)
    .where(
        conversations.c.person_id == bindparam("of_person"),
        conversations.c.shown_revision < bindparam("seen"),
    )
    .values(shown_revision=bindparam("seen"))
)
_THIS = sa.and_(
    shown_messages.c.person_id == bindparam("of_person"),
    shown_messages.c.bot == bindparam("of_bot"),
    shown_messages.c.purpose == bindparam("of_purpose"),
)
_MESSAGE = prepared(sa.select(shown_messages.c.message).where(_THIS))
_GRACE = (
    sa.update(conversations)
    .where(conversations.c.person_id == bindparam("of_person"))
    .values(grace_until=bindparam("until", type_=conversations.c.grace_until.type))
)
_RESHOW = prepared(sa.update(shown_messages).where(_THIS).values(message=bindparam("new_message")))
_FORGET = prepared(sa.delete(shown_messages).where(_THIS))

_INSERT = prepared(sa.insert(conversations))
_INSERT_SHOWN = prepared(sa.insert(shown_messages))


def conversation_of(tx: Connection, person_id: int) -> Conversation | None:
    """Return the person's conversation; None before their first step."""
    row = tx.execute(_OF_PERSON, {"of_person": person_id}).first()
    return Conversation(*row) if row else None


def save_place(
    tx: Connection, person_id: int, report_id: int | None, place: str, now: datetime
) -> int:
    """Store the place; return its new revision."""
    given = {"of_person": person_id, "new_report": report_id, "new_place": place, "now": now}
    # Update first, because the row exists except at a person's first step.
    revision = tx.execute(_MOVE, given).scalar()
    if revision is not None:
        return int(revision)
    tx.execute(
        _INSERT,
        {
            "person_id": person_id,
            "report_id": report_id,
            "place": place,
            "revision": 1,
            "shown_revision": 0,
            "touched_at": now,
        },
    )
    return 1


def remember_shown(
    tx: Connection,
    person_id: int,
    bot: str,
    purpose: str,
    message: str,
    revision: int | None = None,
) -> None:
    """Store a message's id under its purpose; `revision` is the place that the message shows."""
    given = {
        "of_person": person_id,
        "of_bot": bot,
        "of_purpose": purpose,
        "new_message": message,
    }
    if not tx.execute(_RESHOW, given).rowcount:
        tx.execute(
            _INSERT_SHOWN,
            {"person_id": person_id, "bot": bot, "purpose": purpose, "message": message},
        )
    if revision is not None:
        tx.execute(_SEEN, {"of_person": person_id, "seen": revision})


def shown_message(tx: Connection, person_id: int, bot: str, purpose: str) -> str | None:
    """Return the id of the bot's message that is stored under a purpose; None if there is none."""
    given = {"of_person": person_id, "of_bot": bot, "of_purpose": purpose}
    return tx.scalar(_MESSAGE, given)


def give_grace(tx: Connection, person_id: int, until: datetime) -> None:
    """Allow the person to confirm and send the open report until then, even after the close."""
    tx.execute(_GRACE, {"of_person": person_id, "until": until})


def forget_shown(tx: Connection, person_id: int, bot: str, purpose: str) -> None:
    """Delete the message id of a purpose, so that the bot no longer edits that message."""
    tx.execute(_FORGET, {"of_person": person_id, "of_bot": bot, "of_purpose": purpose})


def in_open_rounds(tx: Connection, bot: str, now: datetime) -> list[OpenPlace]:
    """Return the reachable people of a bot whose place is in a report of an open round."""
    rows = tx.execute(
        sa.select(conversations.c.person_id, conversations.c.place, conversations.c.revision)
        .join_from(conversations, people)
        .join(addresses, IN_USE)
        .join(reports, reports.c.id == conversations.c.report_id)
        .join(rounds, rounds.c.id == reports.c.round_id)
        .where(
            addresses.c.bot == bot,
            addresses.c.blocked_at.is_(None),
            takes_reports(now),
        )
        .order_by(conversations.c.person_id)
    )
    return [OpenPlace(*row) for row in rows]


def not_shown(tx: Connection, since: datetime, limit: int = 1000) -> list[NotShown]:
    """Return the people who moved since then and whose newest state may not have been shown."""
    rows = tx.execute(
        sa.select(people.c.id, addresses.c.bot, addresses.c.chat)
        .join_from(conversations, people)
        .join(addresses, IN_USE)
        .where(
            conversations.c.shown_revision < conversations.c.revision,
            conversations.c.touched_at >= since,
            addresses.c.blocked_at.is_(None),
        )
        .order_by(conversations.c.touched_at)
        .limit(limit)
    )
    return [NotShown(*row) for row in rows]
