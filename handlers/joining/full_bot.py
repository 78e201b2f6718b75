"""A bot whose plan has no room for one more person: what they are told, and their officers."""

from collections.abc import Callable, Iterable
from datetime import datetime

from sqlalchemy import Connection

from criteria.reminders import local_day, next_daytime
from handlers.flow.deployment import Deployment, messenger_name
from handlers.messages.keys import DedupeKey
from handlers.messages.notifications import BEFORE_REMINDERS, Notification, sentence
from handlers.texts import DEFAULT_LANGUAGE, Html, Texts, texts_of
from storage.people import people
from storage.people.addresses import people_at


def is_full(tx: Connection, bot: str, deployment: Deployment) -> bool:
    """Whether as many people write to the bot as its plan takes."""
    most = deployment.capabilities(bot).most_people
    return most is not None and people_at(tx, bot) >= most


def tell_officers(
    tx: Connection,
    bot: str,
    communes: Iterable[int],
    who: Callable[[Texts], str],
    now: datetime,
    deployment: Deployment,
) -> None:
    """Tell the officers that somebody found no room: once a day for the same.

    `who` says in a language who it is, or where they would have joined.
    """
    zone = deployment.zone
    officers = [
        one.person for id_ in communes for one in people.people_of_commune(tx, id_, "officer")
    ]
    day, same = local_day(next_daytime(now, zone), zone), who(texts_of(DEFAULT_LANGUAGE))
    text = sentence(
        "join.full_office", zone, messenger=lambda texts: messenger_name(bot, texts), who=who,
        most=deployment.capabilities(bot).most_people or 0,
    )  # fmt: skip
    Notification(
        text, priority=BEFORE_REMINDERS, key=lambda one: DedupeKey("full", (one, bot, same), day)
    ).put_in(tx, officers, now, zone)


def instead(bot: str, deployment: Deployment, texts: Texts) -> Html:
    """What somebody with an invitation can do without this bot."""
    messenger = messenger_name(bot, texts)
    others = (messenger_name(one, texts) for one in deployment.bots)
    other = next((one for one in others if one != messenger), None)
    if other is None:
        return texts.say("join.full", messenger=messenger)
    return texts.say("join.full_other", messenger=messenger, other=other)
