"""The heading of the pages about a round: commune, round, progress, and the time of the figures."""

from typing import Any

from bot.board.pages import PageRequest
from handlers.flow.routes import ROUTES
from handlers.status.lines import deadline_line, reports_text, totals_line
from handlers.status.view import StatusView
from handlers.texts import Html, without_tags

_MEMBERSHIP = "member"  # the argument of the screens about one person


def heading(request: PageRequest, status: StatusView) -> dict[str, Any]:
    """Return the template's fields of the heading."""
    texts, zone = request.texts, request.context.deployment.zone
    return {
        "title": f"{status.commune.name} · {status.round_title(texts)}",
        "commune": status.commune.name,
        "round": status.round_title(texts),
        "deadline": deadline_line(status, texts, zone),
        "coverage": reports_text(status, texts),
        "totals": without_emoji(totals_line(status, texts)),
        "as_of": texts.say("status.as_of", when=texts.time(status.as_of, zone)),
        "areas_in": status.areas_in,
        "areas": len(status.areas),
        "met": status.result.met,
        "total": status.result.total,
        "aim_reached": status.result.smart_commune,
    }


def title_and_text(request: PageRequest, text: str) -> dict[str, str]:
    """Return the title, the heading (the first line) and the rest of a screen of the chat.

    The heading is the title, too, except on a screen about a person: browsers store titles.
    """
    first, _, rest = text.partition("\n")
    route = ROUTES.get(request.context.here.action)
    personal = route is not None and _MEMBERSHIP in route.resolvers
    title = request.texts.say("board.name") if personal else without_emoji(first)
    return {"title": title, "asked": Html(first), "rest": Html(rest.lstrip("\n"))}


def without_emoji(text: str) -> str:
    """Return a line of the chat without its tags and its leading emoji."""
    return without_tags(text).lstrip("🎯🏆📭📬↩️🙋 ").strip()
