"""Signing in by a code or a link, and signing out.

Opening a link's page doesn't use up the link, because messengers open it for their previews. Only
the button on the page does.
"""

from dataclasses import replace

from sqlalchemy import Connection
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.board.http.cookies import TOKEN, browser_of, new_cookie
from bot.board.http.forms import form_of
from bot.board.http.responses import BoardContext
from bot.board.sign_in_limit import code_rate_limit, network_of
from handlers.board import sign_in
from handlers.flow.channel import Incoming, Sender
from handlers.flow.context import Context, context_of
from handlers.flow.rights import READER
from handlers.texts import Texts, language_of, texts_of, texts_on_page
from storage.people import board_sessions, people
from storage.people.board_sessions import Session

CODE, OUT = "/code", "/out"
LIST_LENGTH = 200  # areas, people or invitations on a page
_LONGEST = 40


def context_of_person(web: BoardContext, tx: Connection, person_id: int) -> Context | None:
    """Return the person's context with the present rights; None if no page may be read."""
    person = people.person(tx, person_id)
    if person is None or person.address is None:
        return None
    sender = Sender(person.bot or "", person.address, person.name or "")
    roles, now = tuple(people.memberships_of(tx, person_id)), web.clock.now()
    context = context_of(tx, Incoming(sender, "press"), person, roles, now, web.deployment)
    if not READER.holds(context):
        return None
    return replace(context, list_length=LIST_LENGTH, texts=texts_on_page(person.language))


def session_of(
    web: BoardContext, tx: Connection, cookie: str | None
) -> tuple[Context, Session] | None:
    """Return the person and the session of a cookie; None if it ended or the right is gone."""
    if cookie is None:
        return None
    session = board_sessions.session(tx, web.cookies.hashed(cookie), web.clock.now())
    context = context_of_person(web, tx, session.person_id) if session is not None else None
    return (context, session) if context is not None and session is not None else None


class SignIn:
    """The endpoints for signing in and out."""

    def __init__(self, web: BoardContext) -> None:
        self._web = web
        self._rate_limit = code_rate_limit()

    def routes(self) -> list[Route]:
        """Return the routes, below the public address."""
        link = f"{sign_in.ENTER}{{secret}}"
        return [
            Route("/", self.start),
            Route(CODE, self.take_code, methods=["POST"]),
            Route(link, self.show_link),
            Route(link, self.take_link, methods=["POST"]),
            Route(OUT, self.leave, methods=["POST"]),
        ]

    async def start(self, request: Request) -> Response:
        """Redirect a signed-in person to the first page; show others the form for the code."""
        cookie = self._web.cookies.read(request)
        found = await self._web.database.read(
            lambda tx: session_of(self._web, tx, cookie) is not None
        )
        if found:
            return self._web.to_first_page()
        return self._form(request, "enter.html", "")

    async def take_code(self, request: Request) -> Response:
        """Sign in with a typed code of six digits."""
        texts, form = _texts(request), await form_of(request)
        if not self._web.cookies.fits(request, self._web.cookies.read(request), form.get(TOKEN)):
            return self._form(request, "enter.html", texts.say("board.again"), 403)
        code = "".join(one for one in str(form.get("code", ""))[:_LONGEST] if one in "0123456789")
        now, where = self._web.clock.now(), network_of(request)
        if self._rate_limit.too_many(where, now):
            return self._form(request, "enter.html", texts.say("board.too_many"), 429)
        cookie = await self._new_session(request, code, by_code=True)
        if cookie is None:
            self._rate_limit.wrong(where, now)
            return self._form(request, "enter.html", texts.say("board.wrong_code"), 403)
        return self._signed_in(cookie)

    async def show_link(self, request: Request) -> Response:
        """Show the page with the button; it is the same for valid and invalid links."""
        return self._form(request, "link.html", "")

    async def take_link(self, request: Request) -> Response:
        """Sign in by the button of the link's page."""
        texts, form = _texts(request), await form_of(request)
        if not self._web.cookies.fits(request, self._web.cookies.read(request), form.get(TOKEN)):
            return self._form(request, "link.html", texts.say("board.again"), 403)
        secret = request.path_params["secret"][: 2 * _LONGEST]
        cookie = await self._new_session(request, secret, by_code=False)
        if cookie is None:
            return self._form(request, "enter.html", texts.say("board.over"), 403)
        return self._signed_in(cookie)

    async def leave(self, request: Request) -> Response:
        """End the session of this browser, unless the form comes from another site."""
        cookie, form = self._web.cookies.read(request), await form_of(request)
        response = self._web.redirect("/")
        if cookie is None or not self._web.cookies.fits(request, cookie, form.get(TOKEN)):
            return response

        def end(tx: Connection) -> None:
            hashed, now = self._web.cookies.hashed(cookie), self._web.clock.now()
            found = board_sessions.session(tx, hashed, now)
            board_sessions.end(tx, [found.id] if found is not None else [])

        await self._web.database.write(end)
        self._web.cookies.delete(response)
        return response

    async def _new_session(self, request: Request, secret: str, *, by_code: bool) -> str | None:
        """Use up the code or link and return the cookie of a new session; None if invalid."""
        web, cookie = self._web, new_cookie()
        hashed = web.deployment.short_codes.board_hash(secret)
        browser = browser_of(request.headers.get("User-Agent", ""))

        def enter(tx: Connection) -> bool:
            spend = board_sessions.redeem_code if by_code else board_sessions.redeem_link
            person_id = spend(tx, hashed, web.clock.now())
            context = context_of_person(web, tx, person_id) if person_id is not None else None
            if context is not None:
                sign_in.open_session(context, cookie, browser)
            return context is not None

        if not await web.database.write(enter):
            return None
        web.wake_sender()
        return cookie

    def _signed_in(self, cookie: str) -> Response:
        response = self._web.to_first_page()
        self._web.cookies.set(response, cookie, persistent=True)
        return response

    def _form(self, request: Request, template: str, wrong: str, status: int = 200) -> Response:
        """Return a page with a form for a person who is not signed in."""
        known = self._web.cookies.read(request)
        cookie = known or new_cookie()
        fields = {"wrong": wrong, "token": self._web.cookies.token(cookie), "code_path": CODE}
        response = self._web.html(template, _texts(request), fields, status)
        if known is None:
            self._web.cookies.set(response, cookie, persistent=False)
        return response


def _texts(request: Request) -> Texts:
    return texts_of(language_of(request.headers.get("Accept-Language")))
