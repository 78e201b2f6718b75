"""The bot's screens as pages of the desk: buttons as links or forms, a field for typed texts.

The desk has the screens of the modules in FEATURES. It leaves out a button that leads to no page
or action of the board.
"""

from collections import Counter
from dataclasses import replace
from functools import partial
from typing import Any
from zlib import crc32

from bot.board.desk.fields import ANSWER, FIELDS
from bot.board.pages import PAGES, BoardPage, PageContent, PageRequest, add
from bot.board.results.heading import heading, title_and_text
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
    "handlers.roster.form",
    "handlers.roster.screens",
    "handlers.status.files",
)
# Of the modules above: buttons of reporters, and what only the chat needs.
_EXCLUDED = {"r.mute", "r.unmute", "r.evening", "r.tomorrow", "d.pic", "confo", "o.file"}
# Screens of the chat that the board replaces by its own.
_REPLACED = {"home", "s.home"}
# The modules whose actions belong to the report that an officer fills in.
REPORT = ("handlers.report.buttons", "handlers.counting.method", "handlers.report.whole_report")


_LONG_LIST = 6  # buttons; the page shows so many in columns
# Steps that show the text that was typed on them when the person comes back.
WITH_DRAFT = {"n.text"}


def _module(route: Route[Any]) -> str:
    function = route.show or route.do
    return function.__module__ if function is not None else ""


def _is_of(key: str, route: Route[Any], modules: tuple[str, ...]) -> bool:
    return key not in _EXCLUDED and _module(route).startswith(modules)


# "pick" opens the office's own report.
DESK = {key for key, route in ROUTES.items() if _is_of(key, route, FEATURES)} | {"pick"}
OF_REPORT = {key for key, route in ROUTES.items() if _is_of(key, route, REPORT)}


def choices(request: PageRequest, screen: Screen) -> list[list[dict[str, str]]]:
    """Return the rows of buttons, each button as a link to a page or as a form to post."""
    rows = [[_choice(request, one) for one in row] for row in screen.rows]
    shown = [[one for one in row if one is not None] for row in rows]
    return [row for row in shown if row]


def _choice(request: PageRequest, button: Button) -> dict[str, str] | None:
    press = unpack(button.data or "")
    route = ROUTES.get(press.action) if press is not None else None
    if press is None or route is None:
        return None
    if press.action in _REPLACED:
        press = desk_home(request.context) if press.action == "home" else Press("start")
        if press == request.context.here:
            return None
    if press.action in PAGES:
        # Only a form can carry the texts typed on earlier screens.
        keeps = bool(request.context.typed) and press.action in DESK
        kind = "post" if keeps else "link"
        return {"label": button.label, "link": "", "post": "", kind: request.link_to(press)}
    if press.action in DESK | OF_REPORT and route.do is not None:
        return {"label": button.label, "link": "", "post": request.link_to(press)}
    return None


def screen_fields(request: PageRequest, screen: Screen, *, typed: str = "") -> dict[str, Any]:
    """Return the fields of a step's template; `typed` is the path for a typed text, if any."""
    listed = _long_list(screen)
    rest = [row for row in screen.rows if row not in listed]
    return {
        **title_and_text(request, screen.text),
        "listed": choices(request, replace(screen, rows=listed)),
        "rows": choices(request, replace(screen, rows=tuple(rest))),
        "typed": typed,
        "field": FIELDS.get(request.context.here.action, ANSWER),
        "shown": "",
        "draft": "",
    }


def _long_list(screen: Screen) -> tuple[tuple[Button, ...], ...]:
    """Return the rows of a long list: rows of a single button that share the same action."""
    presses = {row: unpack(row[0].data or "") for row in screen.rows if len(row) == 1}
    keys = {row: press.action for row, press in presses.items() if press is not None}
    most = Counter(keys.values()).most_common(1)
    if not most or most[0][1] < _LONG_LIST:
        return ()
    return tuple(row for row, key in keys.items() if key == most[0][0])


def screen_hash(screen: Screen) -> str:
    """Return a hash of a screen, which its form carries to notice a change."""
    return f"{crc32(repr(screen).encode()):x}"


def screen_at(context: Context, press: Press) -> Screen | None:
    """Return the chat's screen at an address; None if it is gone or not for this person."""
    route = ROUTES.get(press.action)
    if route is None or route.show is None:
        return None
    context = replace(context, address=press, page=route.page_in(press))
    loaded = route.load(context, press)
    return route(context, **loaded) if loaded is not None else None


def step(request: PageRequest, route: Route[Any], **arguments: object) -> PageContent:
    """Return the page of a screen of the chat."""
    screen = route(request.context, **arguments)
    if screen is None:
        return None
    here, typed_before = request.context.here, request.context.typed
    opening = arguments.get("opening")
    asks = here.action in FIELDS and not (isinstance(opening, Opening) and has_open_round(opening))
    typed = request.link_to(here) if asks else ""
    fields = screen_fields(request, screen, typed=typed)
    fields["shown"] = f"{here.data}|{screen_hash(screen)}"
    fields["people"], fields["days"] = arguments.get("uses", ""), arguments.get("days", "")
    fields["draft"] = typed_before[0] if typed_before and here.action in WITH_DRAFT else ""
    status = arguments.get("status")
    return {**heading(request, status), **fields} if isinstance(status, StatusView) else fields


def register() -> None:
    """Register a page for each screen of the desk that has none yet."""
    for key in sorted(DESK):
        route = ROUTES[key]
        if route.show is not None and key not in PAGES:
            function = partial(step, route=route)
            add(BoardPage(route, "desk_step.html", function, "", 0, live=False))


def desk_home(context: Context) -> Press:
    """Return the desk's first page for this person; it replaces the chat's home screen."""
    if OFFICER.holds(context):
        return Press("m.home")
    return Press("o.home") if OPERATOR.holds(context) else Press("start")


def desk_links(context: Context, commune_id: int | None) -> list[tuple[str, Press, bool]]:
    """Return the links to the desk's pages: caption, address, whether a round's pages show it."""
    found: list[tuple[str, Press, bool]] = []
    if not OPERATOR.holds(context):  # an operator's first page is the table of communes
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
    """Return whether the board has a page at this address."""
    return press.action in PAGES
