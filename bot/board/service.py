"""The board's part of the web server: its pages, its actions, its live changes, its files."""

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
from bot.board.desk.form_actions import Led
from bot.board.desk.signed_state import Note
from bot.board.http.cookies import TOKEN
from bot.board.http.forms import form_of
from bot.board.http.response_headers import framed
from bot.board.http.responses import STATIC, Web
from bot.board.live import LIVE, Hub, Stream
from bot.board.operator import communes  # noqa: F401 - it registers its pages
from bot.board.operator.exports import FilesOfMany
from bot.board.pages import ACTIONS, PAGES, PLACE, BoardPage, Goto, Looking, press_of, tabs_of
from bot.board.refresh_throttle import Pace
from bot.board.results import areas, changes, heat_map, meeting, result, screens, trend, what_if  # noqa: F401 - they register their pages
from bot.board.results.evidence import EvidenceFiles
from bot.board.sign_in import OUT, Entrance, session_of
from bot.board.status_cache import StatusCache
from bot.sending.exporting import ExportRefused, Exports, File
from bot.service.tasks import Tasks
from handlers.flow.channel import Shown
from handlers.flow.press import Press, packed
from handlers.home import language_chosen
from handlers.status.view import Standing, StatusView
from storage import change_numbers

_KEPT = {"Cache-Control": "public, max-age=31536000, immutable"}
_KINDS = {
    "board.css": "text/css", "desk.css": "text/css", "board.js": "text/javascript",
    "desk.js": "text/javascript", "communes.css": "text/css", "icon.svg": "image/svg+xml",
}  # fmt: skip
screen_pages.register()  # the last: what has no page of its own yet


class Board:
    """The pages under the public address."""

    def __init__(self, web: Web, tasks: Tasks, exports: Exports | None = None) -> None:
        self._web = web
        zone = web.deployment.zone
        self._exports = exports or Exports(web.database, web.data_dir, zone, web.clock.now)
        self._of_many = FilesOfMany(web, self._exports, tasks)
        self._pace = Pace()
        self._statuses = StatusCache()
        self.hub = Hub(web.database, tasks, self._pace)

    def routes(self) -> list[BaseRoute]:
        """Everything below the public address."""
        found: list[BaseRoute] = [
            *Entrance(self._web).routes(),
            Route(f"{PLACE}{{address:path}}", self.show),
            Route(f"{PLACE}{{address:path}}", self.act, methods=["POST"]),
            Stream(self._web, self.hub).route(),
            EvidenceFiles(self._web).route(),
            self._of_many.route(),
            Downloads(self._web, self._exports).route(),
            Photos(self._web).route(),
            workbook.Upload(self._web).route(),
            Route("/static/{name}", _static),
        ]
        return [Mount(self._web.path, app=framed(self._web, found))]

    async def show(self, request: Request) -> Response:
        """A page, for whoever may see it at this moment."""
        cookie, address = self._web.cookies.read(request), request.path_params["address"]
        given = dict(request.query_params)
        note = signed_state.note_of(self._web.cookies, cookie or "", request)
        if note is not None and note.seen:
            given["seen"] = note.seen

        def look(tx: Connection) -> Response:
            found = session_of(self._web, tx, cookie)
            if found is None or cookie is None:
                return self._web.redirect("/")
            return self._page(Looking(*found, self._web.path, given), address, cookie, note)

        async with self._pace.page():
            response = await self._web.database.read(look)
        if note is not None and response.status_code == 200:
            signed_state.drop_note(self._web.cookies, response)
        return response

    async def act(self, request: Request) -> Response:
        """What a form does, for whoever may do it at this moment."""
        cookie, address = self._web.cookies.read(request), request.path_params["address"]
        form = await form_of(request)
        fits = self._web.cookies.fits(request, cookie, form.get(TOKEN))
        fields = {key: [str(one) for one in form.getlist(key)] for key in form}

        def do(tx: Connection) -> Response | Led:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return self._web.redirect("/")
            looking = Looking(*found, self._web.path, dict(request.query_params))
            if not fits or cookie is None:
                return self._gone(looking, 403)
            if press_of(address).action in ACTIONS:
                return self._done(looking, address)
            return self._form(looking, address, fields, cookie)

        answer = await self._web.database.write(do)
        self._web.told()
        return answer if isinstance(answer, Response) else await self._with_files(answer, cookie)

    async def _with_files(self, led: Led, cookie: str | None) -> Response:
        """The page that follows, with the files that were written after the commit."""
        files, note = list[File](), led.note
        for one in led.documents:
            try:
                files += await self._exports.made(one)
            except ExportRefused as refusal:
                note = replace(note, text=str(refusal))

        def look(tx: Connection) -> Response:
            found = session_of(self._web, tx, cookie)
            if found is None or cookie is None:
                return self._web.redirect("/")
            looking = Looking(*found, self._web.path)
            return self._page(looking, page_layout.address_of(led.press), cookie, note, files=files)

        return await self._web.database.read(look)

    def _form(
        self, looking: Looking, address: str, given: form_actions.Given, cookie: str
    ) -> Response | Led:  # fmt: skip
        """A form of the desk: what was done leads to a page, with a note above it."""
        press, cookies = press_of(address), self._web.cookies
        said = signed_state.said_on_the_way(cookies, cookie, given.get("said", [""])[0], press)
        context = replace(looking.context, address=press, said=said)
        done = form_actions.do(replace(looking, context=context), press, given)
        if done is None:
            return self._gone(looking, 404)
        led = form_actions.led(looking, done)
        if led.documents:
            return led
        if led.file is not None:
            return self._web.redirect(led.file)
        seen = form_actions.first(given, "seen") if led.press.action == report.KEY else ""
        note = replace(led.note, seen=seen, undo=page_layout.undo_of(looking, press))
        draft = form_actions.first(given, "text") if led.press.action == press.action else ""
        if led.said or led.letters or draft:  # shown at once: it can't be shown a second time
            context = replace(looking.context, said=led.said)
            looking, there = replace(looking, context=context), page_layout.address_of(led.press)
            return self._page(looking, there, cookie, note, led.letters, draft=draft)
        response = RedirectResponse(reports.to_table(looking, led.press), 303)
        signed_state.keep_note(cookies, cookie, response, note)
        return response

    def _page(
        self, looking: Looking, address: str, cookie: str, note: Note | None = None,
        letters: Sequence[Shown] = (), files: Sequence[File] = (), draft: str = "",
    ) -> Response:  # fmt: skip
        press = press_of(address)
        page = PAGES.get(press.action)
        number = page.route.page_in(press) if page is not None else 0
        context = replace(looking.context, address=press, page=number)
        looking = replace(looking, context=context)
        loaded = self._loaded(looking, page, press) if page is not None else None
        filled = page.fill(looking, **loaded) if page is not None and loaded is not None else None
        if page is None or loaded is None or filled is None:
            return self._gone(looking, 404)
        if isinstance(filled, Goto):
            return RedirectResponse(looking.to(filled.press), 303)
        about = filled.get("about") or loaded.get("status")
        around = self._around(looking, page, cookie, about)
        around |= page_layout.noted(looking, note, letters, files)
        around["shown"] = ""
        around["said"] = signed_state.sign_said(
            self._web.cookies, cookie, press, looking.context.said
        )
        fields = {**around, **filled, **({"draft": draft} if draft else {})}
        text = self._web.rendered(page.template, looking.texts, fields)
        return HTMLResponse(text)

    def _loaded(self, looking: Looking, page: BoardPage, press: Press) -> dict[str, Any] | None:
        """The arguments of a page; of one that many look at the status is read once."""
        tx = looking.context.tx
        known = self._statuses.known(tx, press) if page.live else None
        loaded = page.route.load(looking.context, press, known)
        status = loaded.get("status") if loaded is not None else None
        if page.live and known is None and isinstance(status, StatusView):
            self._statuses.keep(status, change_numbers.newest(tx))
        return loaded

    def _around(
        self, looking: Looking, page: BoardPage, cookie: str, status: object
    ) -> dict[str, Any]:
        """What the frame of every page shows."""
        live, about = None, status if isinstance(status, Standing) else None
        if page.live and about is not None:
            number = change_numbers.newest(looking.context.tx)
            live = f"{self._web.path}{LIVE}{packed(about.commune.id)}?since={number}"
        other = "en" if looking.texts.language == "vi" else "vi"
        return {
            "token": self._web.cookies.token(cookie),
            "tabs": [
                *(tabs_of(looking, page.route.keys[0], about) if about is not None else []),
                *page_layout.ways(looking, about.commune.id if about is not None else None),
            ],
            "live": live,
            "out": f"{self._web.path}{OUT}",
            "other_language": (other, looking.link(language_chosen, other)),
            "first": self._web.first_page,
        }

    def _done(self, looking: Looking, address: str) -> Response:
        press = press_of(address)
        action = ACTIONS.get(press.action)
        looking = replace(looking, context=replace(looking.context, address=press))
        loaded = action.route.load(looking.context, press) if action is not None else None
        if action is None or loaded is None or action.route.act(looking.context, **loaded) is None:
            return self._gone(looking, 404)
        return RedirectResponse(looking.to(action.after(looking, **loaded)), 303)

    def _gone(self, looking: Looking, status: int) -> Response:
        """One sentence for what isn't there and for what isn't theirs: both look the same."""
        key = "board.gone" if status == 404 else "board.again"
        fields = {"said": looking.texts.say(key), "first": self._web.first_page}
        return self._web.html("gone.html", looking.texts, fields, status)


async def _static(request: Request) -> Response:
    """A style sheet or a script; its address changes with it."""
    kind = _KINDS.get(request.path_params["name"])
    if kind is None:
        return Response(status_code=404)
    return FileResponse(STATIC / request.path_params["name"], media_type=kind, headers=_KEPT)
