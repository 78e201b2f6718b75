"""The commune's workbook by upload: what it would change as a table, or its errors by cell."""

import asyncio
from contextlib import AsyncExitStack
from typing import Any

import structlog
from sqlalchemy import Connection
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.board.desk import pasted_figures
from bot.board.desk.screen_pages import choices
from bot.board.desk.signed_state import Note, keep_note
from bot.board.http.cookies import TOKEN
from bot.board.http.forms import LARGEST_FORM, TOO_LARGE, form_of
from bot.board.http.responses import Web
from bot.board.pages import Looking, page, page_of
from bot.board.sign_in import session_of
from bot.file_sandbox.workbook import opened_workbook
from bot.operations.logs import report
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.roster.cell_values import RefusedError
from handlers.roster.receiving import LARGEST, cells_to_keep
from handlers.roster.screens import OwnWorkbook, dry_run, looked_at, plain_line
from handlers.texts import Texts
from storage.places import workbooks

log = structlog.get_logger(__name__)
PLACE = "/workbook"
_SECONDS = 120.0  # for the file, over a slow line
_REFERENCE = "board"  # where a messenger's reference stands for files that it still has


@page("desk.book", "desk_upload.html", right=OFFICER_OR_OPERATOR)
def upload(looking: Looking) -> dict[str, Any]:
    """The form with the file."""
    return {"title": looking.texts.say("desk.book"), "place": f"{looking.public_path}{PLACE}"}


@page_of(dry_run, "desk_workbook.html")
def changes(looking: Looking, workbook: OwnWorkbook) -> dict[str, Any] | None:
    """Everything on one page; the buttons are the chat's."""
    found, screen = looked_at(looking.context, workbook), dry_run(looking.context, workbook)
    if screen is None:
        return None
    say = looking.texts.say
    if found.plan is None:
        title = say("desk.book.problems", count=len(found.problems))
    elif found.plan.empty:
        title = say("workbook.empty")
    else:
        title = say("workbook.changes", count=len(found.changes))
    return {
        "title": say("desk.book"),
        "said": title,
        "wrong": found.plan is None,
        "lines": [
            *(one.sentence(looking.texts) for one in found.problems),
            *(plain_line(one) for one in found.changes),
        ],
        "figures": found.figures if len(found.figures) == len(found.changes) else (),
        "doubts": [plain_line(one) for one in (*found.doubts, *found.asides)],
        "rows": [row for row in choices(looking, screen) if any(one["post"] for one in row)],
        "again": looking.link(upload),
        "again_said": say("desk.book.again"),
        "grid": (),
        **pasted_figures.preview(looking, workbook, found),
    }


class Upload:
    """The endpoint that takes the file."""

    def __init__(self, web: Web) -> None:
        self._web = web
        self._opening = asyncio.Lock()  # one file at a time is opened
        self._sending: set[int] = set()  # people, each with one file at a time in memory

    def route(self) -> Route:
        """Its one address."""
        return Route(PLACE, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """Read the file in a child process, keep its cells, and show what they would change."""
        cookie = self._web.cookies.read(request)

        def may(tx: Connection) -> tuple[int, Texts] | None:
            found = session_of(self._web, tx, cookie)
            held = found is not None and OFFICER_OR_OPERATOR.holds(found[0])
            return (found[0].person.id, found[0].texts) if found is not None and held else None

        # Before the file is read: only those who may change a commune send so much.
        allowed = await self._web.database.read(may)
        if allowed is None or cookie is None:
            return Response(status_code=404)
        person, texts = allowed
        if person in self._sending:
            return self._back(cookie, texts.say("workbook.not_fetched"))
        self._sending.add(person)
        try:
            return await self._taken(request, cookie, texts)
        finally:
            self._sending.discard(person)

    async def _taken(self, request: Request, cookie: str, texts: Texts) -> Response:
        try:
            form = await form_of(request, LARGEST + LARGEST_FORM, _SECONDS)
        except HTTPException as refused:
            key = "too_large" if refused.status_code == TOO_LARGE else "not_fetched"
            return self._back(cookie, texts.say(f"workbook.{key}", most=LARGEST >> 20))
        async with AsyncExitStack() as stack:
            stack.push_async_callback(form.close)
            fits = self._web.cookies.fits(request, cookie, form.get(TOKEN))
            file = form.get("file")
            content = await file.read(LARGEST + 1) if isinstance(file, UploadFile) else b""
        if not fits:
            return Response(status_code=403)
        if not content or len(content) > LARGEST:
            key = "workbook.too_large" if content else "desk.book.none"
            return self._back(cookie, texts.say(key, most=LARGEST >> 20))
        try:
            async with self._opening:
                sheets = await opened_workbook(content)
                cells = await asyncio.to_thread(cells_to_keep, sheets)
        except RefusedError as refused:
            said = texts.say("workbook.unreadable", reason=refused.reason.text(texts))
            return self._back(cookie, said)
        except Exception as error:  # noqa: BLE001 - one file must not stop the board
            report(log, "workbook failed", error)
            return self._back(cookie, texts.say("workbook.not_fetched"))
        if cells is None:
            return self._back(cookie, texts.say("workbook.too_large", most=LARGEST >> 20))
        return await self._web.database.write(lambda tx: self._kept(tx, cookie, cells))

    def _kept(self, tx: Connection, cookie: str, cells: str) -> Response:
        found = session_of(self._web, tx, cookie)
        if found is None or not OFFICER_OR_OPERATOR.holds(found[0]):
            return Response(status_code=404)
        context = found[0]
        number = workbooks.add(tx, context.person.id, _REFERENCE, context.now)
        workbooks.keep_cells(tx, number, cells)
        looking = Looking(*found, self._web.path)
        return RedirectResponse(looking.link(dry_run, number), 303)

    def _back(self, cookie: str, said: str) -> Response:
        """The form again, with the sentence that says why."""
        response = self._web.redirect("/b/desk.book")
        keep_note(self._web.cookies, cookie, response, Note(said))
        return response
