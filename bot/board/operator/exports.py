"""Files about many communes: their page, and the endpoint that makes one and shows its progress."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.board.desk.files import PREFIX, attachment
from bot.board.http.responses import BoardContext
from bot.board.pages import PageRequest, page_of
from bot.board.sign_in import session_of
from bot.sending.exporting import ExportFile, ExportRefused, Exports
from bot.service.tasks import Tasks
from handlers.exports.formats import OF_MANY
from handlers.flow.channel import Making
from handlers.flow.press import Press
from handlers.operator.communes import OwnGroup, groups_of
from handlers.operator.files import described, files_of_many, make_file, making_of

_SECONDS = 0.5  # a file that takes longer shows a page with its progress
_MOST_WAITING = 20  # files that are made or not fetched yet


@page_of(files_of_many, "files_of_many.html")
def files(request: PageRequest, group: OwnGroup) -> dict[str, Any]:
    """Show a link to each file, and to the files of each group."""
    texts = request.texts
    return {
        "description": described(request.context, group),
        "formats": [
            (texts.say(one.button), f"{request.public_path}{PREFIX}many/{group.id}/{one.name}")
            for one in OF_MANY.values()
        ],
        "groups": [
            (
                one.name or texts.say("board.communes.all"),
                request.link(files_of_many, one),
                len(one.communes),
                one.id == group.id,
            )
            for one in groups_of(request.context)
        ],
    }


@dataclass
class _Work:
    """A file that is being made; it is ready when the future `made` is done."""

    made: asyncio.Future[tuple[ExportFile, ...] | ExportRefused]
    done: int = 0
    total: int = 0

    def progress(self, done: int, total: int) -> None:
        """Store how many communes are read."""
        self.done, self.total = done, total


class FilesOfMany:
    """The endpoint of these files; a background task makes each file once for each person."""

    def __init__(self, web: BoardContext, exports: Exports, tasks: Tasks) -> None:
        self._web = web
        self._exports = exports
        self._tasks = tasks
        self._works: dict[tuple[int, Making], _Work] = {}

    def route(self) -> Route:
        """Return the route; its arguments are a group and a format."""
        return Route(f"{PREFIX}many/{{group}}/{{format}}", self.send)

    async def send(self, request: Request) -> Response:
        """Send the file if the person may have it now; show the progress until it is ready."""
        cookie, arguments = self._web.cookies.read(request), request.path_params

        def load(tx: Connection) -> tuple[Making, PageRequest, str] | None:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return None
            loaded = make_file.load(
                found[0], Press(make_file.keys[0], (arguments["group"], arguments["format"]))
            )
            if loaded is None:
                return None
            page_request = PageRequest(*found, self._web.path)
            group = loaded["group"]
            making = making_of(found[0], group, loaded["format"])
            return making, page_request, page_request.link(files_of_many, group)

        found = await self._web.database.read(load)
        if found is None:
            return Response(status_code=404)
        making, page_request, back = found
        key = (page_request.context.person.id, making)
        work = self._works.get(key) or self._begin(key)
        await asyncio.wait([work.made], timeout=_SECONDS)
        if not work.made.done():
            fields = {"done": work.done, "total": work.total, "back": back}
            return self._web.html("making.html", page_request.texts, fields)
        self._works.pop(key, None)
        made = work.made.result()
        if isinstance(made, ExportRefused):
            fields = {"message": str(made), "first": self._web.first_page}
            return self._web.html("gone.html", page_request.texts, fields, 409)
        return attachment(made[0])

    def _begin(self, key: tuple[int, Making]) -> _Work:
        for old in [*self._works][: max(0, len(self._works) + 1 - _MOST_WAITING)]:
            del self._works[old]
        work = _Work(asyncio.get_running_loop().create_future())
        self._works[key] = work
        self._tasks.start(self._make(key[1], work), "a file of many communes")
        return work

    async def _make(self, making: Making, work: _Work) -> None:
        try:
            work.made.set_result(await self._exports.made(making, work.progress))
        except ExportRefused as refusal:
            work.made.set_result(refusal)
        finally:
            if not work.made.done():  # the program stops
                work.made.cancel()
