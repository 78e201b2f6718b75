"""The one cookie of a browser, and the token of its forms.

The cookie is a random secret. Before somebody has come in it only belongs to a browser's forms;
whoever comes in gets a new one. The database has its keyed hash.
"""

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from storage.people.board_sessions import SESSION_LASTS
from storage.people.short_codes import ShortCodes

TOKEN = "token"  # noqa: S105 - the name of the forms' hidden field
_BYTES = 32
_LONGEST = 100


@dataclass(frozen=True, slots=True)
class Cookies:
    """Reads and writes the cookie for one public address."""

    public_url: str
    keyed: ShortCodes

    @property
    def secure(self) -> bool:
        """Whether people come by HTTPS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def name(self) -> str:
        """With HTTPS one that no other site of the same domain can set."""
        return "__Host-board" if self.secure else "board"

    def read(self, request: Request) -> str | None:
        """The browser's secret; None without one."""
        found = request.cookies.get(self.name, "")
        return found if 0 < len(found) <= _LONGEST else None

    def hashed(self, cookie: str) -> str:
        """The cookie as the database has it."""
        return self.keyed.board_hash(cookie)

    def token(self, cookie: str) -> str:
        """The token that the forms of this browser carry."""
        return self.keyed.board_hash(f"form {cookie}").partition(":")[2]

    def fits(self, request: Request, cookie: str | None, given: object) -> bool:
        """Whether a form was filled in on one of our own pages in this browser."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        if cookie is None or not isinstance(given, str):
            return False
        return hmac.compare_digest(self.token(cookie).encode(), given.encode())

    def set(self, response: Response, cookie: str, *, lasts: bool) -> None:
        """Give the browser its secret, for as long as a session `lasts` or until it is closed."""
        response.set_cookie(
            self.name, cookie, path="/", secure=self.secure, httponly=True, samesite="strict",
            max_age=int(SESSION_LASTS.total_seconds()) if lasts else None,
        )  # fmt: skip

    def forget(self, response: Response) -> None:
        """Take the secret from the browser."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="strict"
        )


def new_cookie() -> str:
    """A new random secret."""
    return secrets.token_urlsafe(_BYTES)


def browser_of(agent: str) -> str:
    """A browser in a few words, for its owner: "Chrome, Windows"."""
    known = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR", "Opera"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"),
               ("iPad", "iPad"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    names = [
        next((name for sign, name in table if sign in agent), "") for table in (known, systems)
    ]
    return ", ".join(filter(None, names)) or "—"
