"""The session cookie of a browser, and the token of its forms.

The cookie is a random secret. Before the sign-in it only protects the browser's forms; the sign-in
sets a new one. The database stores the cookie's keyed hash, not the cookie.
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
    short_codes: ShortCodes

    @property
    def secure(self) -> bool:
        """Whether the public address uses HTTPS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def name(self) -> str:
        """The cookie's name; with HTTPS one that no other site of the same domain can set."""
        return "__Host-board" if self.secure else "board"

    def read(self, request: Request) -> str | None:
        """Return the browser's secret; None if it is missing, empty or too long."""
        found = request.cookies.get(self.name, "")
        return found if 0 < len(found) <= _LONGEST else None

    def hashed(self, cookie: str) -> str:
        """Return the hash of the cookie that the database stores."""
        return self.short_codes.board_hash(cookie)

    def token(self, cookie: str) -> str:
        """Return the token that the forms of this browser contain."""
        return self.short_codes.board_hash(f"form {cookie}").partition(":")[2]

    def fits(self, request: Request, cookie: str | None, given: object) -> bool:
        """Return whether a form comes from one of our own pages in this browser."""
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return False
        if cookie is None or not isinstance(given, str):
            return False
        return hmac.compare_digest(self.token(cookie).encode(), given.encode())

    def set(self, response: Response, cookie: str, *, persistent: bool) -> None:
        """Set the cookie; unless it is `persistent`, the browser deletes it when it closes."""
        response.set_cookie(
            self.name, cookie, path="/", secure=self.secure, httponly=True, samesite="strict",
            max_age=int(SESSION_LASTS.total_seconds()) if persistent else None,
        )  # fmt: skip

    def delete(self, response: Response) -> None:
        """Delete the cookie."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="strict"
        )


def new_cookie() -> str:
    """Return a new random secret."""
    return secrets.token_urlsafe(_BYTES)


def browser_of(agent: str) -> str:
    """Return a short name for a User-Agent header, such as "Chrome, Windows"."""
    known = (("Edg", "Edge"), ("coc_coc", "Cốc Cốc"), ("OPR", "Opera"), ("Firefox", "Firefox"),
             ("Chrome", "Chrome"), ("Safari", "Safari"))  # fmt: skip
    systems = (("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"),
               ("iPad", "iPad"), ("Mac OS", "Mac"), ("Linux", "Linux"))  # fmt: skip
    names = [
        next((name for sign, name in table if sign in agent), "") for table in (known, systems)
    ]
    return ", ".join(filter(None, names)) or "—"
