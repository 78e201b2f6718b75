"""Files of many communes: their page, and the making of one, with how far it is."""

import asyncio
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.board.desk.files import PLACE, attachment
from bot.board.http.responses import Web
from bot.board.pages import Looking, page_of
from bot.board.sign_in import session_of
from bot.sending.exporting import ExportRefused, Exports, File
from bot.service.tasks import Tasks
from handlers.exports.formats import OF_MANY
from handlers.flow.channel import Making
from handlers.flow.press import Press
from handlers.operator.communes import OwnGroup, groups_of
from handlers.operator.files import described, files_of_many, make_file, making_of

_SECONDS = 0.5  # a file that is made sooner comes without a page in between
_MOST_WAITING = 20  # files that nobody has fetched yet


@page_of(files_of_many, "files_of_many.html")
def files(looking: Looking, group: OwnGroup) -> dict[str, Any]:
    """A link to each file, and the same of each group."""
    texts = looking.texts
    return {
        "said": described(looking.context, group),
        "formats": [
            (texts.say(one.button), f"{looking.public_path}{PLACE}many/{group.id}/{one.name}")
            for one in OF_MANY.values()
        ],
        "groups": [
            (
                one.name or texts.say("board.communes.all"),
                looking.link(files_of_many, one),
                len(one.communes),
                one.id == group.id,
            )
            for one in groups_of(looking.context)
        ],
    }


@dataclass
class _Work:
    """A file in the making."""

    made: asyncio.Future[tuple[File, ...] | ExportRefused]
    done: int = 0
    total: int = 0

    def told(self, done: int, total: int) -> None:
        """How many communes are read."""
        self.done, self.total = done, total


class FilesOfMany:
    """The endpoint of such files; one is made in the background, once for each who asks."""

    def __init__(self, web: Web, exports: Exports, tasks: Tasks) -> None:
        self._web = web
        self._exports = exports
        self._tasks = tasks
        self._works: dict[tuple[int, Making], _Work] = {}

    def route(self) -> Route:
        """Its address: a group and a format."""
        return Route(f"{PLACE}many/{{group}}/{{format}}", self.send)

    async def send(self, request: Request) -> Response:
        """The file when it is ready, else how far it is, for whoever may have it now."""
        cookie, asked = self._web.cookies.read(request), request.path_params

        def look(tx: Connection) -> tuple[Making, Looking, str] | None:
            found = session_of(self._web, tx, cookie)
            if found is None:
                return None
            loaded = make_file.load(
                found[0], Press(make_file.keys[0], (asked["group"], asked["format"]))
            )
            if loaded is None:
                return None
            looking = Looking(*found, self._web.path)
            group = loaded["group"]
            making = making_of(found[0], group, loaded["format"])
            return making, looking, looking.link(files_of_many, group)

        found = await self._web.database.read(look)
        if found is None:
            return Response(status_code=404)
        making, looking, back = found
        key = (looking.context.person.id, making)
        work = self._works.get(key) or self._begun(key)
        await asyncio.wait([work.made], timeout=_SECONDS)
        if not work.made.done():
            fields = {"done": work.done, "total": work.total, "back": back}
            return self._web.html("making.html", looking.texts, fields)
        self._works.pop(key, None)
        made = work.made.result()
        if isinstance(made, ExportRefused):
            fields = {"said": str(made), "first": self._web.first_page}
            return self._web.html("gone.html", looking.texts, fields, 409)
        return attachment(made[0])

    def _begun(self, key: tuple[int, Making]) -> _Work:
        for old in [*self._works][: max(0, len(self._works) + 1 - _MOST_WAITING)]:
            del self._works[old]
        work = _Work(asyncio.get_running_loop().create_future())
        self._works[key] = work
        self._tasks.start(self._make(key[1], work), "a file of many communes")
        return work

    async def _make(self, making: Making, work: _Work) -> None:
        try:
            work.made.set_result(await self._exports.made(making, work.told))
        except ExportRefused as refusal:
            work.made.set_result(refusal)
        finally:
            if not work.made.done():  # the program stops
                work.made.cancel()
