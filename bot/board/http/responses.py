"""What every endpoint of the board needs, and how its answers are made."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, RedirectResponse, Response

from bot.board.http.cookies import Cookies
from bot.board.http.templates import render
from bot.board.pages import PLACE
from bot.service.clock import Clock
from handlers.flow.deployment import Deployment
from handlers.texts import Texts
from storage.engine.database import Database

STATIC = Path(__file__).parents[1] / "static"
FIRST_PAGE = "start"


@dataclass
class Web:
    """The installation as the board's endpoints see it; `told` wakes the sender."""

    public_url: str
    database: Database
    clock: Clock
    deployment: Deployment
    data_dir: Path
    told: Callable[[], None]

    @cached_property
    def cookies(self) -> Cookies:
        """The cookie of this public address."""
        return Cookies(self.public_url, self.deployment.short_codes)

    @cached_property
    def path(self) -> str:
        """The path of the public address; empty where it is only a host."""
        return urlsplit(self.public_url).path

    @cached_property
    def version(self) -> str:
        """Changes with the static files, which browsers keep."""
        files = sorted(STATIC.iterdir())
        return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:10]

    def html(
        self, template: str, texts: Texts, fields: Mapping[str, Any], status: int = 200
    ) -> Response:
        """A page."""
        return HTMLResponse(self.rendered(template, texts, fields), status)

    def rendered(self, template: str, texts: Texts, fields: Mapping[str, Any]) -> str:
        """The text of a page, with what all templates have."""
        own = {"say": texts.say, "language": texts.language, "path": self.path}
        return render(template, {**own, "version": self.version, **fields})

    def redirect(self, path: str) -> Response:
        """To another address of the board, always by GET."""
        return RedirectResponse(f"{self.path}{path}", 303)

    @property
    def first_page(self) -> str:
        """Where whoever has come in begins."""
        return f"{self.path}{PLACE}{FIRST_PAGE}"

    def to_first_page(self) -> Response:
        """To where whoever has come in begins."""
        return RedirectResponse(self.first_page, 303)
