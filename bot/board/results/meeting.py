"""The page for a meeting: the result in letters large enough for the whole room."""

from typing import Any

from bot.board.pages import PageRequest, page
from bot.board.results.heading import heading
from bot.board.results.result import groups_of
from handlers.flow.arguments import one_of, text
from handlers.flow.rights import READER
from handlers.flow.routes import argument
from handlers.status.loading import OfRound

TONES = ("", "dark", "light")


class Meeting(OfRound):
    """A round, a group (empty for all), and a colour theme (empty for that of the computer)."""

    group: str = argument(text)
    tone: str = argument(one_of(*TONES))


@page("meet", Meeting, "meeting.html", right=READER, tab="board.tab.meeting", place=90, live=True)
def meeting(request: PageRequest, at: Meeting) -> dict[str, Any] | None:
    """Show all groups or one group, with links to the next and the previous one."""
    status = at.status
    groups = groups_of(request, status)
    stops = ["", *(one["code"] for one in groups)]
    if at.group not in stops:
        return None
    here = stops.index(at.group)

    def to(group: str, tone: str = at.tone) -> str:
        return request.link(meeting, status, group, tone)

    return {
        **heading(request, status),
        "groups": [one for one in groups if at.group in {"", one["code"]}],
        "one": at.group != "",
        "tone": at.tone,
        "next": to(stops[(here + 1) % len(stops)]),
        "before": to(stops[here - 1]),
        "tones": [(one, to(at.group, one)) for one in TONES[1:]],
        "stops": [
            (to(""), request.texts.say("board.whole"), at.group == ""),
            *((to(one["code"]), one["name"], at.group == one["code"]) for one in groups),
        ],
    }
