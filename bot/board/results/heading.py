"""What stands above every page about a round: whose, how far, and of when the figures are."""

from typing import Any

from bot.board.pages import Looking
from handlers.flow.routes import ROUTES
from handlers.status.lines import deadline_line, reports_text, totals_line
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, without_tags

_MEMBERSHIP = "member"  # the argument of the screens about one person


def heading(looking: Looking, status: StatusView) -> dict[str, Any]:
    """The fields of the heading."""
    texts, zone = looking.texts, looking.context.deployment.zone
    return {
        "title": f"{status.commune.name} · {status.round_title(texts)}",
        "commune": status.commune.name,
        "round": status.round_title(texts),
        "deadline": deadline_line(status, texts, zone),
        "coverage": reports_text(status, texts),
        "totals": bare(totals_line(status, texts)),
        "as_of": texts.say("status.as_of", when=texts.time(status.as_of, zone)),
        "areas_in": status.areas_in,
        "areas": len(status.areas),
        "met": status.result.met,
        "total": status.result.total,
        "aim_reached": status.result.smart_commune,
    }


def asked_first(looking: Looking, text: str) -> dict[str, str]:
    """A screen of the chat, whose first line says what is asked: it is the heading of the page.

    It is the title too, which browsers keep in their history, unless it is about a person.
    """
    first, _, rest = text.partition("\n")
    route = ROUTES.get(looking.context.here.action)
    personal = route is not None and _MEMBERSHIP in route.resolvers
    title = looking.texts.say("board.name") if personal else bare(first)
    return {"title": title, "asked": Html(first), "rest": Html(rest.lstrip("\n"))}


def bare(text: str) -> str:
    """A line of the chat without its tags and the picture sign before it."""
    return without_tags(text).lstrip("🎯🏆📭📬↩️🙋 ").strip()


def verdict(name: str, texts: Texts) -> str:
    """A verdict in words."""
    return texts.say(f"status.verdict.{name}")
