"""One difficulty with its photo, which only those see who may read it at this moment."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.board.desk.screen_pages import step
from bot.board.http.responses import Web
from bot.board.pages import Filled, Looking, page_of
from bot.board.sign_in import session_of
from handlers.difficulties.screens import ReadDifficulty, one_difficulty
from handlers.flow.press import Press, packed
from storage.difficulties.difficulty_photos import is_kept
from storage.evidence.evidence_files import path_of

PLACE = "/difficulty/"


@page_of(one_difficulty, "desk_difficulty.html")
def difficulty(looking: Looking, difficulty: ReadDifficulty) -> Filled:
    """The chat's screen, with the photo in its place."""
    fields, photo = step(looking, one_difficulty, difficulty=difficulty), difficulty.photo
    if not isinstance(fields, dict):
        return fields
    link = f"{looking.public_path}{PLACE}{packed(difficulty.id)}"
    return {**fields, "photo": link if photo and is_kept(photo) else "", "coming": bool(photo)}


class Photos:
    """The endpoint of the photos."""

    def __init__(self, web: Web) -> None:
        self._web = web

    def route(self) -> Route:
        """Its address: a difficulty."""
        return Route(f"{PLACE}{{one}}", self.show)

    async def show(self, request: Request) -> Response:
        """The photo, for whoever may read the difficulty now."""
        cookie, asked = self._web.cookies.read(request), request.path_params["one"]

        def look(tx: Connection) -> str | None:
            found = session_of(self._web, tx, cookie)
            wanted = Press(one_difficulty.keys[0], (asked,))
            loaded = one_difficulty.load(found[0], wanted) if found is not None else None
            photo: str | None = loaded["difficulty"].photo if loaded is not None else None
            return photo

        photo = await self._web.database.read(look)
        file = path_of(self._web.data_dir, photo) if photo and is_kept(photo) else None
        if file is None or not file.is_file():
            return Response(status_code=404)
        return FileResponse(file, media_type="image/jpeg")
