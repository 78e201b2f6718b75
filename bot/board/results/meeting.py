"""The page for a meeting: the result in letters large enough for the whole room."""

from typing import Annotated, Any

from bot.board.pages import PageRequest, page
from bot.board.results.heading import heading
from bot.board.results.result import groups_of
from handlers.flow.arguments import Text, one_of
from handlers.flow.rights import READER
from handlers.status.loading import RoundStatus

TONES = ("", "dark", "light")  # colour themes; the empty one is that of the computer
Tone = Annotated[str, one_of(*TONES)]


@page("meet", "meeting.html", right=READER, tab="board.tab.meeting", place=90, live=True)
def meeting(
    request: PageRequest, status: RoundStatus, group: Text, tone: Tone
) -> dict[str, Any] | None:
    """Show all groups or one group, with links to the next and the previous one."""
    groups = groups_of(request, status)
    stops = ["", *(one["code"] for one in groups)]
    if group not in stops:
        return None
    here = stops.index(group)

    def to(code: str, colours: str = tone) -> str:
        return request.link(meeting, status, code, colours)

    return {
        **heading(request, status),
        "groups": [one for one in groups if group in {"", one["code"]}],
        "one": group != "",
        "tone": tone,
        "next": to(stops[(here + 1) % len(stops)]),
        "before": to(stops[here - 1]),
        "tones": [(one, to(group, one)) for one in TONES[1:]],
        "stops": [
            (to(""), request.texts.say("board.whole"), group == ""),
            *((to(one["code"]), one["name"], group == one["code"]) for one in groups),
        ],
    }
