"""What every endpoint of the board needs, and the making of its responses."""

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
from bot.board.pages import PREFIX
from bot.service.clock import Clock
from handlers.flow.deployment import Deployment
from handlers.texts import Texts
from storage.engine.database import Database

STATIC = Path(__file__).parents[1] / "static"
FIRST_PAGE = "start"


@dataclass
class BoardContext:
    """The parts of the program that the endpoints use; call `wake_sender` after a commit."""

    public_url: str
    database: Database
    clock: Clock
    deployment: Deployment
    data_dir: Path
    wake_sender: Callable[[], None]

    @cached_property
    def cookies(self) -> Cookies:
        """The reader and writer of the cookie of this public address."""
        return Cookies(self.public_url, self.deployment.short_codes)

    @cached_property
    def path(self) -> str:
        """The path of the public address; empty if the address is only a host."""
        return urlsplit(self.public_url).path

    @cached_property
    def version(self) -> str:
        """A hash of the static files for their addresses, because browsers cache the files."""
        files = sorted(STATIC.iterdir())
        return hashlib.sha256(b"".join(one.read_bytes() for one in files)).hexdigest()[:10]

    def html(
        self, template: str, texts: Texts, fields: Mapping[str, Any], status: int = 200
    ) -> Response:
        """Return a page as a response."""
        return HTMLResponse(self.rendered(template, texts, fields), status)

    def rendered(self, template: str, texts: Texts, fields: Mapping[str, Any]) -> str:
        """Return the HTML of a page, from its fields and those that all templates need."""
        own = {"say": texts.say, "language": texts.language, "path": self.path}
        return render(template, {**own, "version": self.version, **fields})

    def redirect(self, path: str) -> Response:
        """Return a redirect to another address of the board; the browser follows it by GET."""
        return RedirectResponse(f"{self.path}{path}", 303)

    @property
    def first_page(self) -> str:
        """The path of the first page after signing in."""
        return f"{self.path}{PREFIX}{FIRST_PAGE}"

    def to_first_page(self) -> Response:
        """Return a redirect to the first page after signing in."""
        return RedirectResponse(self.first_page, 303)
