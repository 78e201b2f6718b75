"""The API of the browser page: telephones, chats, presses, events, clock, bot switch, faults."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, time, timedelta
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

from bot.simulator.faults import Fault
from bot.simulator.guests import Guests
from bot.simulator.refusal import ApiRefusal, Impossible
from bot.simulator.telegram.floods import Limits
from bot.simulator.telegram.service import described_menu
from bot.simulator.telegram.telephone import Message
from bot.simulator.telegram.world import Moment, World

LANGUAGES = ("vi", "en")
_HEARTBEAT = 15.0
Endpoint = Callable[[Request], Awaitable[Response]]


class PageApi:
    """The endpoints under /sim."""

    def __init__(self, world: World) -> None:
        self.world = world

    def routes(self) -> list[Route]:
        """Return all routes."""
        one = "/sim/phones/{id:int}"
        table: list[tuple[str, Endpoint, str]] = [
            ("/sim/phones", self.phones, "GET"),
            ("/sim/phones", self.add_phone, "POST"),
            (f"{one}/chat", self.chat, "GET"),
            (f"{one}/start", self.start, "POST"),
            (f"{one}/text", self.text, "POST"),
            (f"{one}/press", self.press, "POST"),
            (f"{one}/edit", self.edit, "POST"),
            (f"{one}/block", self.block, "POST"),
            (f"{one}/file", self.file, "POST"),
            ("/sim/files/{file_id}", self.view, "GET"),
            ("/sim/events", self.events, "GET"),
            ("/sim/clock", self.clock, "GET"),
            ("/sim/clock", self.move_clock, "POST"),
            ("/sim/bot", self.switch_bot, "POST"),
            ("/sim/board/{key}", self.open_board, "GET"),
            ("/sim/language", self.choose_language, "POST"),
            ("/sim/again", self.start_again, "POST"),
            ("/sim/transcript", self.transcript, "GET"),
            ("/sim/faults", self.faults, "GET"),
            ("/sim/faults", self.add_fault, "POST"),
        ]
        return [Route(path, _guarded(run), methods=[verb]) for path, run, verb in table]

    async def phones(self, _: Request) -> Response:
        """Return all telephones, the bot and the time; `seq` is the last event's number."""
        return JSONResponse(
            {
                "bot": {
                    "username": self.world.bot["username"],
                    "name": self.world.bot["first_name"],
                    "on": self.world.bot_on,
                    "switchable": self.world.switch_bot is not None,
                    "renewable": self.world.start_again is not None,
                    "speaking": self.world.speak is not None,
                    "guests": self.world.guests is not None,
                },
                "boards": [
                    {"key": one.key, "label": dict(one.label)} for one in self.world.boards()
                ],
                "now": self.world.now().isoformat(),
                "seq": self.world.journal.last,
                "phones": [
                    *(one.described() for one in self.world.phones.values() if one.shown),
                    *(self.world.guests.described() if self.world.guests is not None else ()),
                ],
            }
        )

    async def add_phone(self, request: Request) -> Response:
        """Add a telephone."""
        body = await _body(request)
        guests = self.world.guests
        if body.get("messenger") == "zalo" and guests is not None:
            guests.add(str(body["name"]), {})
            added = guests.described()[-1]
            if body.get("start"):  # Zalo has no links that begin a chat
                guests.send_text(added["id"], f"/start {body['start']}")
            return JSONResponse(added)
        phone = self.world.add_phone(
            str(body["name"]),
            body.get("language", "vi"),
            start=body.get("start"),
        )
        return JSONResponse(phone.described())

    async def chat(self, request: Request) -> Response:
        """Return the messages of a chat, and its menu."""
        if (guests := self._guests(request)) is not None:
            messages = guests.entries(_id(request))
            return JSONResponse(
                {"messages": messages, "seq": self.world.journal.last, "commands": []}
            )
        phone = self.world.phone(_id(request))
        messages = [entry.described() for entry in phone.entries.values()]
        return JSONResponse(
            {
                "messages": messages,
                "seq": self.world.journal.last,
                **described_menu(self.world, phone.id),
            }
        )

    async def start(self, request: Request) -> Response:
        """Press START, or open a deep link."""
        body = await _body(request)
        return _sent(self.world.start(_id(request), body.get("payload")))

    async def text(self, request: Request) -> Response:
        """Send a text to the bot."""
        body = await _body(request)
        if (guests := self._guests(request)) is not None:
            guests.send_text(_id(request), str(body["text"]))
            return JSONResponse({"ok": True})
        return _sent(self.world.send_text(_id(request), body["text"], body.get("reply_to")))

    async def press(self, request: Request) -> Response:
        """Press a button."""
        body = await _body(request)
        query = self.world.press(_id(request), int(body["message_id"]), str(body["data"]))
        return JSONResponse({"ok": True, "query": query})

    async def edit(self, request: Request) -> Response:
        """Edit a message that the person sent."""
        body = await _body(request)
        message_id, text = int(body["message_id"]), str(body["text"])
        return _sent([self.world.edit_text(_id(request), message_id, text)])

    async def block(self, request: Request) -> Response:
        """Block or unblock the bot."""
        if (guests := self._guests(request)) is not None:
            guests.block(_id(request), bool((await _body(request))["blocked"]))
            return JSONResponse({"ok": True})
        self.world.block(_id(request), bool((await _body(request))["blocked"]))
        return JSONResponse({"ok": True})

    async def file(self, request: Request) -> Response:
        """Send a photo or file to the bot."""
        async with request.form(max_part_size=64 * 1024 * 1024) as form:
            upload, caption, reply_to = form["file"], form.get("caption"), form.get("reply_to")
            if not isinstance(upload, UploadFile):
                raise Impossible("no file came")
            if (guests := self._guests(request)) is not None:
                if form.get("kind") != "photo":
                    raise Impossible("only pictures can be sent to a Zalo bot")
                words = caption if isinstance(caption, str) else None
                guests.send_photo(_id(request), await upload.read(), words)
                return JSONResponse({"ok": True})
            message = self.world.send_file(
                _id(request),
                str(form.get("kind", "document")),
                await upload.read(),
                name=upload.filename,
                media_type=upload.content_type,
                caption=caption if isinstance(caption, str) else None,
                reply_to=int(reply_to) if isinstance(reply_to, str) else None,
            )
        return _sent([message])

    def _guests(self, request: Request) -> Guests | None:
        """Return the other messenger's telephones if the request is about one of them."""
        guests = self.world.guests
        return guests if guests is not None and guests.has(_id(request)) else None

    async def view(self, request: Request) -> Response:
        """Return the content of a file."""
        file = self.world.files.find(request.path_params["file_id"])
        if file is None:
            return JSONResponse({"error": "there is no such file"}, status_code=404)
        # A file that somebody uploads must not run as a page of this server.
        safe = file.media_type in {"image/jpeg", "image/png", "image/webp"}
        headers = {"x-content-type-options": "nosniff"}
        if not safe:
            headers["content-disposition"] = "attachment"
        return Response(
            file.content,
            media_type=file.media_type if safe else "application/octet-stream",
            headers=headers,
        )

    async def events(self, request: Request) -> Response:
        """Stream the events after a number; without a number, those from now on."""
        after = request.query_params.get("after") or request.headers.get("last-event-id")
        number = self.world.journal.last if after is None else int(after)
        return StreamingResponse(
            self._stream(number),
            media_type="text/event-stream",
            headers={"cache-control": "no-store"},
        )

    async def _stream(self, number: int) -> AsyncIterator[str]:
        yield ": here\n\n"
        while not self.world.closing:
            events = self.world.journal.after(number)
            hidden = {one.id for one in self.world.phones.values() if not one.shown}
            if not events:
                await self.world.bell.wait(_HEARTBEAT)
                if not self.world.journal.after(number):
                    # An empty comment: sending it fails once the browser has disconnected.
                    yield ":\n\n"
                continue
            number = events[-1]["seq"]
            yield "".join(
                f"id: {event['seq']}\ndata: {json.dumps(event, ensure_ascii=False)}\n\n"
                for event in events
                if event["phone"] not in hidden
            )

    async def clock(self, _: Request) -> Response:
        """Return the time, and the times to which the clock can be moved."""
        return JSONResponse(self._described_clock())

    async def move_clock(self, request: Request) -> Response:
        """Move the clock forward."""
        key = (await _body(request))["key"]
        moment = next((one for one in self._moments() if one.key == key), None)
        if moment is None or self.world.move_clock is None:
            raise Impossible("the clock cannot be moved there")
        await self.world.move_clock(moment.at)
        self.world.journal.add("clock", None, now=self.world.now().isoformat())
        return JSONResponse({"ok": True, **self._described_clock()})

    async def switch_bot(self, request: Request) -> Response:
        """Switch the bot off or on; answer after that is done."""
        on = bool((await _body(request))["on"])
        if self.world.switch_bot is None:
            raise Impossible("the bot cannot be switched off here")
        await self.world.switch_bot(on)
        self.world.note_bot(on)
        return JSONResponse({"ok": True, "on": on})

    async def open_board(self, request: Request) -> Response:
        """Redirect to the bot's own page, signed in as one of its people."""
        key = request.path_params["key"]
        if self.world.open_board is None or all(one.key != key for one in self.world.boards()):
            raise Impossible("there is no such page")
        return RedirectResponse(await self.world.open_board(key), 303)

    async def choose_language(self, request: Request) -> Response:
        """Set the language of the telephones and the bot."""
        language = str((await _body(request))["language"])
        if language not in LANGUAGES or self.world.speak is None:
            raise Impossible("the telephones cannot speak this language")
        await self.world.speak(language)
        return JSONResponse({"ok": True})

    async def start_again(self, _: Request) -> Response:
        """Begin again with a fresh sample commune."""
        if self.world.start_again is None:
            raise Impossible("there is nothing to start again with")
        await self.world.start_again()
        return JSONResponse({"ok": True})

    def _described_clock(self) -> dict[str, Any]:
        moments = [{"key": one.key, "label": dict(one.label)} for one in self._moments()]
        return {"now": self.world.now().isoformat(), "moments": moments}

    def _moments(self) -> list[Moment]:
        if self.world.move_clock is None:
            return []
        now = self.world.now()
        tomorrow = now.astimezone(self.world.zone).date() + timedelta(days=1)
        morning = datetime.combine(tomorrow, time(8), self.world.zone)
        return [
            Moment("hour", {"vi": "+1 giờ", "en": "+1 hour"}, now + timedelta(hours=1)),
            Moment("morning", {"vi": "8 giờ sáng mai", "en": "08:00 tomorrow"}, morning),
            *(one for one in self.world.moments() if one.at > now),
        ]

    async def transcript(self, _: Request) -> Response:
        """Return all messages, chat by chat."""
        chats = [
            {"phone": phone.described(), "messages": [_line(one.message) for one in
             phone.entries.values()]}
            for phone in self.world.phones.values()
        ]  # fmt: skip
        return JSONResponse({"bot": self.world.bot, "chats": chats})

    async def faults(self, _: Request) -> Response:
        """Return the pending faults."""
        return JSONResponse({"faults": self.world.faults.listed()})

    async def add_fault(self, request: Request) -> Response:
        """Inject faults: a Fault, `{"updates": …}`, `{"limits": …}` or `{"clear": true}`."""
        body = await _body(request)
        updates = self.world.updates
        if body.get("clear"):
            self.world.faults.clear()
        elif "limits" in body:
            limits = body["limits"]
            self.world.floods.limit(Limits(**limits) if limits is not None else None)
        elif body.get("updates") == "double":
            updates.double(int(body.get("times", 1)))
        elif body.get("updates") == "repeat":
            updates.repeat(int(body.get("times", 1)))
        elif body.get("updates") == "delay":
            updates.delay(int(body.get("times", 1)), float(body["delay"]))
        elif body.get("updates") == "hold":
            updates.hold(int(body["chat"]), int(body.get("times", 1)))
        elif body.get("updates") == "release":
            updates.release(int(body["chat"]))
        elif "updates" in body:
            raise Impossible("updates can be doubled, repeated, delayed, held and released")
        else:
            self.world.faults.add(Fault(**{k: v for k, v in body.items() if k != "error"}))
        return JSONResponse({"ok": True, "faults": self.world.faults.listed()})


def _line(message: Message) -> dict[str, Any]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return {
        "message_id": message["message_id"],
        "date": message["date"],
        "from": "bot" if message["from"]["is_bot"] else message["from"]["first_name"],
        "text": message.get("text") or message.get("caption") or "",
        "reply_to": message.get("reply_to_message", {}).get("message_id"),
        "media": [kind for kind in ("photo", "document", "voice", "sticker", "video")
                  if kind in message],
        "buttons": [[button["text"] for button in row] for row in rows],
    }  # fmt: skip


def language_wanted(request: Request) -> str | None:
    """Return the page's language: the one chosen before, else one that the browser asks for.

    Return "en" when it asks only for other languages, None when it asks for none.
    """
    chosen = request.cookies.get("language")
    asked = request.headers.get("accept-language", "").lower().split(",")
    preferred = [tag.split(";")[0].split("-")[0].strip() for tag in asked]
    known = [one for one in (chosen, *preferred) if one in LANGUAGES]
    if known:
        return known[0]
    return "en" if any(tag not in {"", "*"} for tag in preferred) else None


def _guarded(run: Endpoint) -> Endpoint:
    async def endpoint(request: Request) -> Response:
        try:
            return await run(request)
        except Impossible as problem:
            return JSONResponse({"error": str(problem)}, status_code=409)
        except ApiRefusal as refusal:
            return JSONResponse({"error": refusal.description}, status_code=refusal.code)
        except (KeyError, TypeError, ValueError) as problem:
            return JSONResponse({"error": f"not understood: {problem}"}, status_code=400)

    return endpoint


async def _body(request: Request) -> dict[str, Any]:
    text = await request.body()
    body = json.loads(text) if text else {}
    if not isinstance(body, dict):
        raise TypeError("an object is expected")
    return body


def _id(request: Request) -> int:
    return int(request.path_params["id"])


def _sent(messages: list[Message]) -> Response:
    return JSONResponse({"ok": True, "message_id": messages[-1]["message_id"]})
