"""The page of one difficulty, and its photo for people who may read it now."""

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.board.desk.screen_pages import step
from bot.board.http.responses import BoardContext
from bot.board.pages import PageContent, PageRequest, page_of
from bot.board.sign_in import session_of
from handlers.difficulties.screens import ReadDifficulty, one_difficulty
from handlers.flow.press import Press, packed
from storage.difficulties.difficulty_photos import is_kept
from storage.evidence.evidence_files import path_of

PREFIX = "/difficulty/"


@page_of(one_difficulty, "desk_difficulty.html")
def difficulty(request: PageRequest, difficulty: ReadDifficulty) -> PageContent:
    """Show the chat's screen with the photo."""
    fields, photo = step(request, one_difficulty, difficulty=difficulty), difficulty.photo
    if not isinstance(fields, dict):
        return fields
    link = f"{request.public_path}{PREFIX}{packed(difficulty.id)}"
    return {**fields, "photo": link if photo and is_kept(photo) else "", "coming": bool(photo)}


class Photos:
    """The endpoint of the photos."""

    def __init__(self, web: BoardContext) -> None:
        self._web = web

    def route(self) -> Route:
        """Return the route; its argument is a difficulty."""
        return Route(f"{PREFIX}{{one}}", self.show)

    async def show(self, request: Request) -> Response:
        """Send the photo if the person may read the difficulty now; else 404."""
        cookie, argument = self._web.cookies.read(request), request.path_params["one"]

        def load(tx: Connection) -> str | None:
            found = session_of(self._web, tx, cookie)
            wanted = Press(one_difficulty.keys[0], (argument,))
            loaded = one_difficulty.load(found[0], wanted) if found is not None else None
            photo: str | None = loaded["difficulty"].photo if loaded is not None else None
            return photo

        photo = await self._web.database.read(load)
        file = path_of(self._web.data_dir, photo) if photo and is_kept(photo) else None
        if file is None or not file.is_file():
            return Response(status_code=404)
        return FileResponse(file, media_type="image/jpeg")
