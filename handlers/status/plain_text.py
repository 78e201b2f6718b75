"""The result as plain text, to be copied into a Zalo group: short, and without names of people."""

from html import escape
from zoneinfo import ZoneInfo

from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import Page
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.status.access import OfRound
from handlers.status.lines import (
    deadline_line,
    indicator_line,
    reports_lines,
    to_overview,
    totals_line,
)
from handlers.status.view import StatusView, awaited, listed
from handlers.texts import Texts, without_tags

LONGEST = 2000
_SHORTEST_LIST = 60


@page("s.copy", OfRound, right=READER, edits=False)
def copied(context: Context, at: OfRound) -> Screen:
    """A message that is nothing but the text, so that it can be copied or forwarded whole."""
    text = plain_text(at.status, context.texts, context.deployment.zone)
    made = Page(context).line(escape(text, quote=False))
    return made.row(to_overview(at.status, context.texts)).screen()


def plain_text(status: StatusView, texts: Texts, zone: ZoneInfo) -> str:
    """The result and who is missing, at most 2,000 characters."""
    head = [
        texts.say(
            "status.copy.title", commune=status.commune.upper(), round=status.round_title(texts)
        ),
        deadline_line(status, texts, zone),
        reports_lines(status, texts)[0],
        totals_line(status, texts),
        "",
        *(indicator_line(status, one, texts) for one in status.result.indicators),
    ]
    if any(one.by_totals for one in status.result.indicators):
        head.append(texts.say("status.by_totals"))
    tail = [texts.say("status.as_of", when=texts.time(status.as_of, zone))]
    plain = [without_tags(line) for line in head]
    end = [without_tags(line) for line in tail]
    plain += [""] * bool(awaited(status))
    for key, units in awaited(status):
        used = sum(len(line) + 1 for line in (*plain, *end))
        room = max(_SHORTEST_LIST, LONGEST - used - 100)
        names = listed((status.name(u, texts) for u in units), texts, most=room)
        plain.append(without_tags(texts.say(key, count=len(units), names=names)))
    return "\n".join([*plain, *end])[:LONGEST]
