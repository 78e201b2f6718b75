"""The board's part of the web server: its routes, and how a page is shown and a form handled."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from bot.board import start_page  # noqa: F401 - it registers its pages
from bot.board.desk import (  # noqa: F401
    form_actions,
    page_layout,
    report,
    report_on_behalf,
    reports,
    screen_pages,
    signed_state,
    workbook,
)
from bot.board.desk.difficulties import Photos
from bot.board.desk.files import Downloads
from bot.board.desk.form_actions import FormOutcome
from bot.board.desk.signed_state import Note
from bot.board.http.cookies import TOKEN
from bot.board.http.forms import form_of
from bot.board.http.response_headers import with_headers
from bot.board.http.responses import STATIC, BoardContext
from bot.board.live import LIVE, Hub, Stream
from bot.board.operator import communes  # noqa: F401 - it registers its pages
from bot.board.operator.exports import FilesOfMany
from bot.board.pages import (
    ACTIONS,
    PAGES,
    PREFIX,
    BoardPage,
    PageRequest,
    Redirect,
    press_of,
    tabs_of,
)
from bot.board.refresh_throttle import RefreshThrottle
from bot.board.results import areas, changes, heat_map, meeting, result, screens, trend, what_if  # noqa: F401 - they register their pages
from bot.board.results.evidence import EvidenceFiles
from bot.board.sign_in import OUT, SignIn, session_of
from bot.board.status_cache import StatusCache
from bot.sending.exporting import ExportFile, ExportRefused, Exports
from bot.service.tasks import Tasks
from handlers.flow.channel import Shown
from handlers.flow.press import Press, packed
from handlers.home import language_chosen
from handlers.status.view import RoundProgress, StatusView
from storage import change_numbers

_CACHED = {"Cache-Control": "public, max-age=31536000, immutable"}
_MEDIA_TYPES = {
    "board.css": "text/css", "desk.css": "text/css", "board.js": "text/javascript",
    "desk.js": "text/javascript", "communes.css": "text/css", "icon.svg": "image/svg+xml",
}  # fmt: skip
screen_pages.register()  # after the imports: it registers the screens that have no page yet


class Board:
    """The endpoints of the board under the public address."""

    def __init__(self, web: BoardContext, tasks: Tasks, exports: Exports | None = None) -> None:
        self._web = web
        zone = web.deployment.zone
        self._exports = exports or Exports(web.database, web.data_dir, zone, web.clock.now)
        self._of_many = FilesOfMany(web, self._exports, tasks)
        self._throttle = RefreshThrottle()
        self._statuses = StatusCache()
        self.hub = Hub(web.database, tasks, self._throttle)

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the board, all below the public address."""
        found: list[BaseRoute] = [
            *SignIn(self._web).routes(),
            Route(f"{PREFIX}{{address:path}}", self.show),
            Route(f"{PREFIX}{{address:path}}", self.act, methods=["POST"]),
            Stream(self._web, self.hub).route(),
            EvidenceFiles(self._web).route(),
            self._of_many.route(),
            Downloads(self._web, self._exports).route(),
            Photos(self._web).route(),
            workbook.WorkbookUpload(self._web).route(),
            Route("/static/{name}", _static),
        ]
        return [Mount(self._web.path, app=with_headers(self._web, found))]

    async def show(self, request: Request) -> Response:
        """Show a page if the person may see it now."""
        cookie, address = self._web.cookies.read(request), request.path_params["address"]
        query = dict(request.query_params)
        note = signed_state.note_of(self._web.cookies, cookie or "", request)
        if note is not None and note.seen:
            query["seen"] = note.seen

        def load(tx: Connection) -> Response:
            found = session_of(self._web, tx, cookie)
            if found is None or cookie is None:
                return self._web.redirect("/")
            return self._page(PageRequest(*found, self._web.path, query), address, cookie, note)

        async with self._throttle.page():
            response = await self._web.database.read(load)
        if note is not None and response.status_code == 200:
            signed_state.delete_note(self._web.cookies, response)
        return response

    async def act(self, request: Request) -> Response:
        """Handle a posted form in one transaction if the person may do this now."""
        cookie, address = self._web.cookies.read(request), request.path_params["address"]
        form = await form_of(request)
        fits = self._web.cookies.fits(request, cookie, form.get(TOKEN))
        fields = {key: [str(one) for one in form.getlist(key)] for key in form}

        def do(tx: Connection) -> Response | FormOutcome:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return self._web.redirect("/")
            page_request = PageRequest(*found, self._web.path, dict(request.query_params))
            if not fits or cookie is None:
                return self._gone(page_request, 403)
            if press_of(address).action in ACTIONS:
                return self._do_action(page_request, address)
            return self._do_form(page_request, address, fields, cookie)

        answer = await self._web.database.write(do)
        self._web.wake_sender()
        return answer if isinstance(answer, Response) else await self._with_files(answer, cookie)

    async def _with_files(self, outcome: FormOutcome, cookie: str | None) -> Response:
        """Make the files after the commit and show them on the page that follows."""
        files, note = list[ExportFile](), outcome.note
        for one in outcome.documents:
            try:
                files += await self._exports.made(one)
            except ExportRefused as refusal:
                note = replace(note, text=str(refusal))

        def load(tx: Connection) -> Response:
            found = session_of(self._web, tx, cookie)
            if found is None or cookie is None:
                return self._web.redirect("/")
            request = PageRequest(*found, self._web.path)
            address = page_layout.address_of(outcome.press)
            return self._page(request, address, cookie, note, files=files)

        return await self._web.database.read(load)

    def _do_form(
        self, request: PageRequest, address: str, given: form_actions.FormFields, cookie: str
    ) -> Response | FormOutcome:  # fmt: skip
        """Do what a form of the desk asks; show the page that follows with a note."""
        press, cookies = press_of(address), self._web.cookies
        said = signed_state.read_said(cookies, cookie, given.get("said", [""])[0], press)
        context = replace(request.context, address=press, typed=said)
        done = form_actions.do(replace(request, context=context), press, given)
        if done is None:
            return self._gone(request, 404)
        if isinstance(done, form_actions.Refused):
            shown = {"seen": form_actions.value_of(given, "seen")}
            request = replace(request, query=shown, refused=done.fields)
            outcome = form_actions.outcome_of(request, done.next)
            there = page_layout.address_of(outcome.press)
            return self._page(request, there, cookie, outcome.note)
        outcome = form_actions.outcome_of(request, done)
        if outcome.documents:
            return outcome
        if outcome.file is not None:
            return self._web.redirect(outcome.file)
        seen = form_actions.value_of(given, "seen") if outcome.press.action == report.KEY else ""
        note = replace(outcome.note, seen=seen, undo=page_layout.undo_of(request, press))
        draft = form_actions.value_of(given, "text") if outcome.press.action == press.action else ""
        # Not by a redirect, as these are shown only once.
        if outcome.typed or outcome.messages or draft:
            request = replace(request, context=replace(request.context, typed=outcome.typed))
            there = page_layout.address_of(outcome.press)
            return self._page(request, there, cookie, note, outcome.messages, draft=draft)
        response = RedirectResponse(reports.to_table(request, outcome.press), 303)
        signed_state.set_note(cookies, cookie, response, note)
        return response

    def _page(
        self, request: PageRequest, address: str, cookie: str, note: Note | None = None,
        messages: Sequence[Shown] = (), files: Sequence[ExportFile] = (), draft: str = "",
    ) -> Response:  # fmt: skip
        press = press_of(address)
        page = PAGES.get(press.action)
        number = page.route.page_in(press) if page is not None else 0
        context = replace(request.context, address=press, page=number)
        request = replace(request, context=context)
        loaded = self._load_arguments(request, page, press) if page is not None else None
        content = (
            page.function(request, **loaded) if page is not None and loaded is not None else None
        )
        if page is None or loaded is None or content is None:
            return self._gone(request, 404)
        if isinstance(content, Redirect):
            return RedirectResponse(request.link_to(content.press), 303)
        about = content.get("about") or loaded.get("status")
        layout = self._layout(request, page, cookie, about)
        layout |= page_layout.note_fields(request, note, messages, files)
        layout["shown"] = ""
        layout["said"] = signed_state.sign_said(
            self._web.cookies, cookie, press, request.context.typed
        )
        fields = {**layout, **content, **({"draft": draft} if draft else {})}
        text = self._web.rendered(page.template, request.texts, fields)
        return HTMLResponse(text)

    def _load_arguments(
        self, request: PageRequest, page: BoardPage, press: Press
    ) -> dict[str, Any] | None:
        """Load the arguments of a page; a live page takes its status from the cache."""
        tx = request.context.tx
        known = self._statuses.get(tx, press) if page.live else None
        loaded = page.route.load(request.context, press, known)
        status = loaded.get("status") if loaded is not None else None
        if page.live and known is None and isinstance(status, StatusView):
            self._statuses.store(status, change_numbers.newest(tx))
        return loaded

    def _layout(
        self, request: PageRequest, page: BoardPage, cookie: str, status: object
    ) -> dict[str, Any]:
        """Return the fields that the layout of every page shows."""
        live, about = None, status if isinstance(status, RoundProgress) else None
        if page.live and about is not None:
            number = change_numbers.newest(request.context.tx)
            live = f"{self._web.path}{LIVE}{packed(about.commune.id)}?since={number}"
        other = "en" if request.texts.language == "vi" else "vi"
        return {
            "token": self._web.cookies.token(cookie),
            "tabs": [
                *(tabs_of(request, page.route.keys[0], about) if about is not None else []),
                *page_layout.link_tabs(request, about.commune.id if about is not None else None),
            ],
            "live": live,
            "out": f"{self._web.path}{OUT}",
            "other_language": (other, request.link(language_chosen, other)),
            "first": self._web.first_page,
        }

    def _do_action(self, request: PageRequest, address: str) -> Response:
        press = press_of(address)
        action = ACTIONS.get(press.action)
        request = replace(request, context=replace(request.context, address=press))
        loaded = action.route.load(request.context, press) if action is not None else None
        if action is None or loaded is None or action.route.act(request.context, **loaded) is None:
            return self._gone(request, 404)
        return RedirectResponse(request.link_to(action.after(request, **loaded)), 303)

    def _gone(self, request: PageRequest, status: int) -> Response:
        """Show the same sentence for a missing page and for one that the person may not see."""
        key = "board.gone" if status == 404 else "board.again"
        fields = {"message": request.texts.say(key), "first": self._web.first_page}
        return self._web.html("gone.html", request.texts, fields, status)


async def _static(request: Request) -> Response:
    """Send a style sheet or a script; browsers may cache it, as its address has its version."""
    kind = _MEDIA_TYPES.get(request.path_params["name"])
    if kind is None:
        return Response(status_code=404)
    return FileResponse(STATIC / request.path_params["name"], media_type=kind, headers=_CACHED)
