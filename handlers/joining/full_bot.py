"""A bot whose plan allows no more people: the messages to the person and to the officers."""

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
    """Return whether as many people write to the bot as its plan allows."""
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
    """Notify the officers that a person could not join: once a day for the same person or place.

    `who` returns the person, or the place they wanted to join, in a language.
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


def other_ways_to_join(bot: str, deployment: Deployment, texts: Texts) -> Html:
    """Return what a person with an invitation can do instead of using this bot."""
    messenger = messenger_name(bot, texts)
    others = (messenger_name(one, texts) for one in deployment.bots)
    other = next((one for one in others if one != messenger), None)
    if other is None:
        return texts.say("join.full", messenger=messenger)
    return texts.say("join.full_other", messenger=messenger, other=other)
