"""The bot's screens as pages of the desk: buttons as links or forms, a field for typed texts.

Which of them: those of the features below, by their modules. A button that leads to no page or
action of the board is left out.
"""

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any
from zlib import crc32

from bot.board.desk.fields import ANSWER, FIELDS
from bot.board.pages import PAGES, BoardPage, Filled, Looking, add
from bot.board.results.heading import asked_first, heading
from handlers import features  # noqa: F401 - they register their routes
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.press import Press, packed, unpack
from handlers.flow.rights import OFFICER, OFFICER_OR_OPERATOR, OPERATOR
from handlers.flow.routes import ROUTES, Route
from handlers.rounds.opening.questions import has_open_round
from handlers.rounds.opening.target import Opening
from handlers.status.view import StatusView

FEATURES = (
    "handlers.review.",
    "handlers.officer.",
    "handlers.areas.",
    "handlers.joining.first_invitation",
    "handlers.joining.invitations",
    "handlers.joining.new_invitation",
    "handlers.joining.sheet_screens",
    "handlers.rounds.",
    "handlers.announcements.",
    "handlers.difficulties.screens",
    "handlers.difficulties.settling",
    "handlers.operator.",
    "handlers.reminders.buttons",
    "handlers.roster.screens",
    "handlers.status.files",
)
# Of these only the function's own right says who may: a reporter's buttons have no place here.
_NOT = {"r.mute", "r.unmute", "r.evening", "r.tomorrow", "d.pic", "confo", "o.file"}
# Screens of the chat in whose place the board has its own.
_OF_CHAT = {"home", "s.home"}
# The report that an officer fills in: the actions of its own screens.
REPORT = ("handlers.report.buttons", "handlers.counting.method", "handlers.report.whole_report")


_LONG_LIST = 6  # it stands in columns
# Steps to which one comes back with what was typed on them.
KEPT = {"n.text"}


def _module(route: Route[Any]) -> str:
    function = route.show or route.do
    return function.__module__ if function is not None else ""


def _offered(key: str, route: Route[Any], modules: tuple[str, ...]) -> bool:
    return key not in _NOT and _module(route).startswith(modules)


# "pick" opens the office's own report.
DESK = {key for key, route in ROUTES.items() if _offered(key, route, FEATURES)} | {"pick"}
OF_REPORT = {key for key, route in ROUTES.items() if _offered(key, route, REPORT)}


def choices(looking: Looking, screen: Screen) -> list[list[dict[str, str]]]:
    """The buttons in their rows, each a link to a page, or a form that posts."""
    rows = [[_choice(looking, one) for one in row] for row in screen.rows]
    shown = [[one for one in row if one is not None] for row in rows]
    return [row for row in shown if row]


def _choice(looking: Looking, button: Button) -> dict[str, str] | None:
    press = unpack(button.data or "")
    route = ROUTES.get(press.action) if press is not None else None
    if press is None or route is None:
        return None
    if press.action in _OF_CHAT:
        press = desk_home(looking.context) if press.action == "home" else Press("start")
        if press == looking.context.here:
            return None
    if press.action in PAGES:
        # What was typed on the way goes along by a form only.
        keeps = bool(looking.context.said) and press.action in DESK
        kind = "post" if keeps else "link"
        return {"label": button.label, "link": "", "post": "", kind: looking.to(press)}
    if press.action in DESK | OF_REPORT and route.do is not None:
        return {"label": button.label, "link": "", "post": looking.to(press)}
    return None


def screen_fields(looking: Looking, screen: Screen, *, typed: str = "") -> dict[str, Any]:
    """What the template of a step shows; `typed` is where a typed text goes, if any."""
    listed = _listed(screen)
    rest = [row for row in screen.rows if row not in listed]
    return {
        **asked_first(looking, screen.text),
        "listed": choices(looking, replace(screen, rows=listed)),
        "rows": choices(looking, replace(screen, rows=tuple(rest))),
        "typed": typed,
        "field": FIELDS.get(looking.context.here.action, ANSWER),
        "shown": "",
        "draft": "",
    }


def _listed(screen: Screen) -> tuple[tuple[Button, ...], ...]:
    """The rows of a long list: those of one button that lead to the same kind of thing."""
    presses = {row: unpack(row[0].data or "") for row in screen.rows if len(row) == 1}
    keys = {row: press.action for row, press in presses.items() if press is not None}
    most = Counter(keys.values()).most_common(1)
    if not most or most[0][1] < _LONG_LIST:
        return ()
    return tuple(row for row, key in keys.items() if key == most[0][0])


def shown_mark(screen: Screen) -> str:
    """What a form carries of the screen that it stood on, so that what changed is noticed."""
    return f"{crc32(repr(screen).encode()):x}"


def screen_at(context: Context, press: Press) -> Screen | None:
    """The chat's screen at an address; None where there is none (any more, or for this person)."""
    route = ROUTES.get(press.action)
    if route is None or route.show is None:
        return None
    context = replace(context, address=press, page=route.page_in(press))
    loaded = route.load(context, press)
    return route(context, **loaded) if loaded is not None else None


def step(looking: Looking, route: Route[Any], **arguments: object) -> Filled:
    """Return a screen of the chat as a page of its own."""
    screen = route(looking.context, **arguments)
    if screen is None:
        return None
    here, said = looking.context.here, looking.context.said
    opening = arguments.get("opening")
    asks = here.action in FIELDS and not (isinstance(opening, Opening) and has_open_round(opening))
    typed = looking.to(here) if asks else ""
    fields = screen_fields(looking, screen, typed=typed)
    fields["shown"] = f"{here.data}|{shown_mark(screen)}"
    fields["people"], fields["days"] = arguments.get("uses", ""), arguments.get("days", "")
    fields["draft"] = said[0] if said and here.action in KEPT else ""
    status = arguments.get("status")
    return {**heading(looking, status), **fields} if isinstance(status, StatusView) else fields


def register() -> None:
    """Register what has no page of its own yet."""
    for key in sorted(DESK):
        route = ROUTES[key]
        if route.show is not None and key not in PAGES:
            fill = partial(step, route=route)
            add(BoardPage(route, "desk_step.html", fill, "", 0, live=False))


def desk_home(context: Context) -> Press:
    """Where the desk begins for this person, as the chat's "home" is none of its pages."""
    if OFFICER.holds(context):
        return Press("m.home")
    return Press("o.home") if OPERATOR.holds(context) else Press("start")


def ways_in(context: Context, commune_id: int | None) -> list[tuple[str, Press, bool]]:
    """The ways beside a round's pages: caption, address, whether it stands on those too."""
    found: list[tuple[str, Press, bool]] = []
    if not OPERATOR.holds(context):  # an operator begins at the communes
        found.append(("status.button.overview", Press("start"), False))
    if commune_id is not None and commune_id in context.communes_read:
        found.append(("difficulties.button.see", Press("d.list", (packed(commune_id),)), True))
    if OFFICER.holds(context):
        found += [
            ("review.button", Press("v.which"), False),
            ("button.manage", Press("m.home"), True),
        ]
    if OFFICER_OR_OPERATOR.holds(context):
        found += [("desk.book", Press("desk.book"), False)]
    if OPERATOR.holds(context):
        found += [("desk.operator", Press("o.home"), True)]
    return found


def is_page(press: Press) -> bool:
    """Whether the board has a page there."""
    return press.action in PAGES
