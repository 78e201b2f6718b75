"""Downloads: every format that the person may have of a round, made aside and sent as a file."""

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

from bot.board.http.responses import Web
from bot.board.pages import Looking, page_of
from bot.board.results.heading import heading
from bot.board.sign_in import session_of
from bot.sending.exporting import ExportRefused, Exports, File
from handlers.exports.formats import FORMATS
from handlers.flow.channel import Making
from handlers.flow.press import Press, packed
from handlers.status.files import files, formats_of, make
from handlers.status.loading import RoundStatus

PLACE = "/file/"


def place_of(making: Making) -> str:
    """The address of a file, below the public one."""
    if isinstance(making.subject, tuple):
        raise TypeError("files of many communes have a page of their own")
    return f"{PLACE}{packed(making.subject)}/{making.format}"


@page_of(files, "desk_files.html", tab="desk.files", place=70)
def downloads(looking: Looking, status: RoundStatus) -> dict[str, Any]:
    """A button for each format, with what is in it."""
    texts = looking.texts
    return {
        **heading(looking, status),
        "formats": [
            (
                texts.say(one.button),
                texts.say(f"desk.file.{one.name}"),
                looking.link(make, status, one.name),
            )
            for one in formats_of(looking.context, status)
        ],
    }


class Downloads:
    """The endpoint of files."""

    def __init__(self, web: Web, exports: Exports) -> None:
        self._web = web
        self._exports = exports

    def route(self) -> Route:
        """Its address: a round and a format."""
        return Route(f"{PLACE}{{round}}/{{format}}", self.send)

    async def send(self, request: Request) -> Response:
        """The file, for whoever may have it at this moment; several files come as one."""
        cookie, asked = self._web.cookies.read(request), request.path_params

        def look(tx: Connection) -> tuple[Making, Looking] | None:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return None
            wanted = Press(make.keys[0], (asked["round"], asked["format"]))
            loaded = make.load(found[0], wanted)
            if loaded is None:
                return None
            looking = Looking(*found, self._web.path)
            name, round_id = loaded["format"].name, loaded["status"].id
            return Making(name, round_id, looking.texts.language), looking

        found = await self._web.database.read(look)
        if found is None:
            return Response(status_code=404)
        making, looking = found
        try:
            made = await self._exports.made(making)
        except ExportRefused as refusal:
            fields = {"said": str(refusal), "first": self._web.first_page}
            return self._web.html("gone.html", looking.texts, fields, 409)
        one = made[0] if len(made) == 1 else await asyncio.to_thread(_together, making, made)
        return attachment(one)


def attachment(one: File) -> Response:
    """The file as browsers store it."""
    name = f"attachment; filename*=UTF-8''{quote(one.name)}"
    headers = {"Content-Disposition": name}
    return Response(one.content, 200, headers, "application/octet-stream")


def _together(making: Making, made: Sequence[File]) -> File:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for one in made:
            archive.writestr(one.name, one.content)
    return File(f"{FORMATS[making.format].file_stem}.zip", written.getvalue())
