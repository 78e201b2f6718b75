"""State of the desk that the browser carries from one page to the next, signed for this browser.

A note is the message after an action; the next page shows it once, from a cookie. The texts typed
on earlier screens of a flow ("said") are in a hidden field of the forms of the present screen.
"""

import base64
import hmac
import json
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from bot.board.http.cookies import Cookies
from handlers.flow.press import Press, unpack
from handlers.flow.routes import route_of
from handlers.texts import without_tags

_SECONDS = 120  # for which the browser keeps a note
_MAX_LENGTH = 3000  # characters of a cookie; browsers accept 4,096 bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A message, the packed press that undoes its action, and the form's copy of the report."""

    text: str = ""
    undo: str = ""
    seen: str = ""


NO_NOTE = Note()


def _signature(cookies: Cookies, cookie: str, what: str, payload: str) -> str:
    return cookies.short_codes.board_hash(f"{what} {cookie} {payload}").partition(":")[2]


def _signed(cookies: Cookies, cookie: str, what: str, fields: object) -> str:
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    payload = base64.urlsafe_b64encode(written.encode()).decode()
    return f"{payload}.{_signature(cookies, cookie, what, payload)}"


def _read(cookies: Cookies, cookie: str, what: str, given: str) -> object:
    """Return the signed fields; None if the signature is wrong."""
    payload, _, signature = given.partition(".")
    expected = _signature(cookies, cookie, what, payload)
    if not payload or not hmac.compare_digest(expected.encode(), signature.encode()):
        return None
    return json.loads(base64.urlsafe_b64decode(payload))


# --- notes ----------------------------------------------------------------------------------------


def set_note(cookies: Cookies, cookie: str, response: Response, note: Note) -> None:
    """Set the note's cookie for the next page; cut a text that is too long for a cookie."""
    signed = _signed(cookies, cookie, "note", [note.text, note.undo, note.seen])
    if len(signed) > _MAX_LENGTH:
        plain = without_tags(note.text)[:400]
        signed = _signed(cookies, cookie, "note", [f"{plain}…", note.undo, note.seen[:400]])
    response.set_cookie(
        f"{cookies.name}-note", signed, path="/", secure=cookies.secure, httponly=True,
        samesite="strict", max_age=_SECONDS,
    )  # fmt: skip


def note_of(cookies: Cookies, cookie: str, request: Request) -> Note | None:
    """Return the note of the request's cookie; None without one."""
    given = request.cookies.get(f"{cookies.name}-note", "")
    found = _read(cookies, cookie, "note", given) if given else None
    return Note(*map(str, found)) if isinstance(found, list) else None


def delete_note(cookies: Cookies, response: Response) -> None:
    """Delete the note's cookie after the note was shown."""
    response.delete_cookie(
        f"{cookies.name}-note", path="/", secure=cookies.secure, httponly=True, samesite="strict"
    )


# --- the texts typed on earlier screens -----------------------------------------------------------


def sign_said(cookies: Cookies, cookie: str, here: Press, said: tuple[str, ...]) -> str:
    """Return the hidden field with the texts typed on earlier screens; empty without any."""
    if not said:
        return ""
    return _signed(cookies, cookie, "said", [here.data, *said])


def read_said(cookies: Cookies, cookie: str, given: object, target: Press) -> tuple[str, ...]:
    """Return the texts typed on earlier screens, if the target belongs to the same flow."""
    found = _read(cookies, cookie, "said", given) if isinstance(given, str) and given else None
    if not isinstance(found, list) or not found:
        return ()
    here, there = route_of(unpack(str(found[0]))), route_of(target)
    if not here.flow or here.flow != there.flow:
        return ()
    return tuple(str(one) for one in found[1:])
