"""Downloads of a round: the page with the export formats, and the endpoint of the files."""

import asyncio
import io
import zipfile
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.board.http.responses import BoardContext
from bot.board.pages import PageRequest, page_of
from bot.board.results.heading import heading
from bot.board.sign_in import session_of
from bot.sending.exporting import ExportFile, ExportRefused, Exports
from handlers.exports.formats import FORMATS
from handlers.flow.channel import Making
from handlers.flow.press import Press, packed
from handlers.status.files import files, formats_of, make
from handlers.status.loading import RoundStatus

PREFIX = "/file/"


def place_of(making: Making) -> str:
    """Return the path of a file below the public address; TypeError for many communes."""
    if isinstance(making.subject, tuple):
        raise TypeError("files of many communes have a page of their own")
    return f"{PREFIX}{packed(making.subject)}/{making.format}"


@page_of(files, "desk_files.html", tab="desk.files", place=70)
def downloads(request: PageRequest, status: RoundStatus) -> dict[str, Any]:
    """Show a button for each format with a description."""
    texts = request.texts
    return {
        **heading(request, status),
        "formats": [
            (
                texts.say(one.button),
                texts.say(f"desk.file.{one.name}"),
                request.link(make, status, one.name),
            )
            for one in formats_of(request.context, status)
        ],
    }


class Downloads:
    """The endpoint of a round's files."""

    def __init__(self, web: BoardContext, exports: Exports) -> None:
        self._web = web
        self._exports = exports

    def route(self) -> Route:
        """Return the route; its arguments are a round and a format."""
        return Route(f"{PREFIX}{{round}}/{{format}}", self.send)

    async def send(self, request: Request) -> Response:
        """Make and send the file if the person may have it now; several files become one zip."""
        cookie, arguments = self._web.cookies.read(request), request.path_params

        def load(tx: Connection) -> tuple[Making, PageRequest] | None:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return None
            wanted = Press(make.keys[0], (arguments["round"], arguments["format"]))
            loaded = make.load(found[0], wanted)
            if loaded is None:
                return None
            page_request = PageRequest(*found, self._web.path)
            name, round_id = loaded["format"].name, loaded["status"].id
            return Making(name, round_id, page_request.texts.language), page_request

        found = await self._web.database.read(load)
        if found is None:
            return Response(status_code=404)
        making, page_request = found
        try:
            made = await self._exports.made(making)
        except ExportRefused as refusal:
            fields = {"message": str(refusal), "first": self._web.first_page}
            return self._web.html("gone.html", page_request.texts, fields, 409)
        one = made[0] if len(made) == 1 else await asyncio.to_thread(_zipped, making, made)
        return attachment(one)


def attachment(one: ExportFile) -> Response:
    """Return the file as a response that a browser saves."""
    name = f"attachment; filename*=UTF-8''{quote(one.name)}"
    headers = {"Content-Disposition": name}
    return Response(one.content, 200, headers, "application/octet-stream")


def _zipped(making: Making, made: Sequence[ExportFile]) -> ExportFile:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for one in made:
            archive.writestr(one.name, one.content)
    return ExportFile(f"{FORMATS[making.format].file_stem}.zip", written.getvalue())
