"""Uploading the commune's workbook; a page shows what it would change, or its errors by cell."""

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
from bot.board.desk.form_actions import FormFields, form
from bot.board.desk.screen_pages import choices
from bot.board.desk.signed_state import Note, set_note
from bot.board.http.cookies import TOKEN
from bot.board.http.forms import LARGEST_FORM, TOO_LARGE, form_of
from bot.board.http.responses import BoardContext
from bot.board.pages import PageRequest, page, page_of
from bot.board.sign_in import session_of
from bot.file_sandbox.workbook import workbook_cells
from bot.operations.logs import report
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Next
from handlers.roster.cell_values import RefusedError
from handlers.roster.form import form as workbook_form
from handlers.roster.invitation_list import can_be_written
from handlers.roster.receiving import LARGEST, cells_to_keep
from handlers.roster.screens import OwnWorkbook, dry_run, looked_at, plain_line
from handlers.texts import Texts
from storage.places import workbooks

log = structlog.get_logger(__name__)
PREFIX = "/workbook"
_SECONDS = 120.0  # for receiving the file over a slow line
_REFERENCE = "board"  # in place of the file reference of a messenger


@page("desk.book", "desk_upload.html", right=OFFICER_OR_OPERATOR)
def upload(request: PageRequest) -> dict[str, Any]:
    """Show the form with the file field."""
    return {
        "title": request.texts.say("desk.book"),
        "place": f"{request.public_path}{PREFIX}",
        "blank": request.link(blank),
    }


@form("desk.book.form", right=OFFICER_OR_OPERATOR)
def blank(request: PageRequest, given: FormFields) -> Next:
    """Make the workbook to fill in; show it on the page of the upload."""
    if not can_be_written():
        return Next(upload.at(), request.texts.say("exports.not_installed"))
    return Next(upload.at(), enclosures=(workbook_form(request.context),))


@page_of(dry_run, "desk_workbook.html")
def changes(request: PageRequest, workbook: OwnWorkbook) -> dict[str, Any] | None:
    """Show all changes or all errors on one page, with the chat's buttons."""
    found, screen = looked_at(request.context, workbook), dry_run(request.context, workbook)
    if screen is None:
        return None
    say = request.texts.say
    if found.plan is None:
        title = say("desk.book.problems", count=len(found.problems))
    elif found.plan.empty:
        title = say("workbook.empty")
    else:
        title = say("workbook.changes", count=len(found.changes))
    return {
        "title": say("desk.book"),
        "summary": title,
        "wrong": found.plan is None,
        "lines": [
            *(one.sentence(request.texts) for one in found.problems),
            *(plain_line(one) for one in found.changes),
        ],
        "figures": found.figures if len(found.figures) == len(found.changes) else (),
        "doubts": [plain_line(one) for one in (*found.doubts, *found.asides)],
        "rows": [row for row in choices(request, screen) if any(one["post"] for one in row)],
        "again": request.link(upload),
        "again_label": say("desk.book.again"),
        "grid": (),
        **pasted_figures.preview(request, workbook, found),
    }


class WorkbookUpload:
    """The endpoint that receives the file."""

    def __init__(self, web: BoardContext) -> None:
        self._web = web
        self._opening = asyncio.Lock()  # it opens one file at a time
        self._sending: set[int] = set()  # people; each may have one file at a time in memory

    def route(self) -> Route:
        """Return the route."""
        return Route(PREFIX, self.take, methods=["POST"])

    async def take(self, request: Request) -> Response:
        """Read the file in a child process, store its cells, and show what they would change."""
        cookie = self._web.cookies.read(request)

        def may(tx: Connection) -> tuple[int, Texts] | None:
            found = session_of(self._web, tx, cookie)
            if found is None or not OFFICER_OR_OPERATOR.holds(found[0]):
                return None
            return found[0].person.id, found[0].texts

        # The right is checked before the file is received, so that nobody else can send so much.
        allowed = await self._web.database.read(may)
        if allowed is None or cookie is None:
            return Response(status_code=404)
        person, texts = allowed
        if person in self._sending:
            return self._back(cookie, texts.say("workbook.not_fetched"))
        self._sending.add(person)
        try:
            return await self._receive(request, cookie, texts)
        finally:
            self._sending.discard(person)

    async def _receive(self, request: Request, cookie: str, texts: Texts) -> Response:
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
                sheets = await workbook_cells(content)
                cells = await asyncio.to_thread(cells_to_keep, sheets)
        except RefusedError as refused:
            sentence = texts.say("workbook.unreadable", reason=refused.reason.text(texts))
            return self._back(cookie, sentence)
        except Exception as error:  # noqa: BLE001 - one file must not stop the board
            report(log, "workbook failed", error)
            return self._back(cookie, texts.say("workbook.not_fetched"))
        if cells is None:
            return self._back(cookie, texts.say("workbook.too_large", most=LARGEST >> 20))
        return await self._web.database.write(lambda tx: self._store(tx, cookie, cells))

    def _store(self, tx: Connection, cookie: str, cells: str) -> Response:
        found = session_of(self._web, tx, cookie)
        if found is None or not OFFICER_OR_OPERATOR.holds(found[0]):
            return Response(status_code=404)
        context = found[0]
        number = workbooks.add(tx, context.person.id, _REFERENCE, context.now)
        workbooks.store_cells(tx, number, cells)
        page_request = PageRequest(*found, self._web.path)
        return RedirectResponse(page_request.link(dry_run, number), 303)

    def _back(self, cookie: str, sentence: str) -> Response:
        """Redirect to the form with a sentence that says what was wrong."""
        response = self._web.redirect("/b/desk.book")
        set_note(self._web.cookies, cookie, response, Note(sentence))
        return response
