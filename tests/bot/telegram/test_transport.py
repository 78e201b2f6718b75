"""The HTTP client: requests, and the difference between a lost answer and an unsent request."""

import asyncio
import json
import subprocess
import sys
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from telegram import Bot, BotCommand, InputFile
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from telegram.request import HTTPXRequest, RequestData

from bot.telegram import transport
from bot.telegram.limiter import retry_seconds
from bot.telegram.transport import (
    AiohttpRequest,
    NeverConnected,
    NotTelegram,
    never_arrived,
    plain_data,
    refused_by_server,
)

TOKEN = "123456789:" + "AbC-dEf_" * 4 + "xyz"
ME = {"id": 1, "is_bot": True, "first_name": "b", "username": "a_bot"}


def http(body, status="200 OK"):
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


@asynccontextmanager
async def serving(answer):
    """A server that reads a request and writes the result of `answer(request)`, or hangs up."""
    seen = []

    async def talk(reader, writer):
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = 0
                for line in head.decode().lower().split("\r\n"):
                    if line.startswith("content-length:"):
                        length = int(line.split(":")[1])
                request = head + await reader.readexactly(length)
                seen.append(request)
                reply = await answer(request)
                if reply is None:
                    break
                writer.write(reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", seen


@asynccontextmanager
async def talking(address, request=None, proxy=None):
    request = request or AiohttpRequest(proxy=proxy)
    async with request:
        yield Bot(TOKEN, base_url=f"{address}/bot", request=request)


async def answer_me(_):
    return http({"ok": True, "result": ME})


async def test_a_call_returns_the_answer():
    async with serving(answer_me) as (address, seen), talking(address) as bot:
        me = await bot.get_me()
    assert me.username == "a_bot"
    assert seen[0].startswith(f"POST /bot{TOKEN}/getMe ".encode())


@pytest.mark.parametrize(
    "status",
    ["200 OK", "302 Found", "403 Forbidden", "404 Not Found", "502 Bad Gateway", "504 Timeout"],
)
async def test_an_answer_of_a_proxy_is_not_taken_for_one_of_telegram(status):
    """A 403 of a proxy does not mean that the person has blocked the bot.

    It is unknown whether the proxy forwarded the message before.
    """

    async def answer(_):
        page = b"<html>Please log in</html>"
        return f"HTTP/1.1 {status}\r\nContent-Length: {len(page)}\r\n\r\n".encode() + page

    async with serving(answer) as (address, _), talking(address) as bot:
        with pytest.raises(NotTelegram) as caught:
            await bot.send_message(5, "x")
    assert not never_arrived(caught.value)
    assert not refused_by_server(caught.value)


async def test_a_proxy_that_wants_a_password_did_not_forward_the_call():
    async def answer(_):
        return b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"

    async with serving(answer) as (address, _), talking(address) as bot:
        with pytest.raises(NeverConnected):
            await bot.send_message(5, "x")


async def test_parameters_and_files_are_sent():
    async def answer(_):
        chat = {"id": 5, "type": "private"}
        return http({"ok": True, "result": {"message_id": 1, "date": 0, "chat": chat}})

    async with serving(answer) as (address, seen), talking(address) as bot:
        await bot.send_message(5, "350/400 người & thêm")
        await bot.send_document(5, InputFile(b"content", filename="bản.txt"))
    assert b"chat_id=5" in seen[0]
    assert b"text=350/400+ng" in seen[0]
    assert b"multipart/form-data" in seen[1]
    assert b"content" in seen[1]


@pytest.mark.parametrize(
    ("name", "sent"),
    [
        ("Biên bản họp tổ.pdf", "Biên bản họp tổ.pdf"),
        ('số "5" (a\\b).pdf', 'số \\"5\\" (a\\\\b).pdf'),
        ("a\r\nX-Bad: 1\u2028.pdf", "a__X-Bad: 1_.pdf"),
    ],
)
async def test_the_name_of_a_file_is_sent_unchanged(name, sent):
    async def answer(_):
        chat = {"id": 5, "type": "private"}
        return http({"ok": True, "result": {"message_id": 1, "date": 0, "chat": chat}})

    async with serving(answer) as (address, seen), talking(address) as bot:
        await bot.send_document(5, InputFile(b"content", filename=name))
    assert f'filename="{sent}"'.encode() in seen[0]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("401 Unauthorized", {"ok": False, "description": "Unauthorized"}, InvalidToken),
        ("409 Conflict", {"ok": False, "description": "Conflict: other"}, Conflict),
        ("502 Bad Gateway", {"ok": False, "description": "Bad Gateway"}, NetworkError),
        (
            "429 Too Many Requests",
            {"ok": False, "description": "slow", "parameters": {"retry_after": 7}},
            RetryAfter,
        ),
    ],
)
async def test_refusals_raise_the_errors_of_ptb(status, body, kind):
    async def answer(_):
        return http(body, status)

    async with serving(answer) as (address, _), talking(address) as bot:
        with pytest.raises(kind) as caught:
            await bot.get_me()
    assert not never_arrived(caught.value)


@pytest.mark.parametrize("request_kind", [AiohttpRequest, HTTPXRequest])
async def test_a_call_without_a_connection_may_be_repeated(request_kind):
    async with serving(answer_me) as (address, _):
        pass  # the port is closed now
    async with talking(address, request_kind()) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert never_arrived(caught.value)


async def test_an_unknown_host_name_never_connects():
    async with talking("http://nowhere.invalid") as bot:
        with pytest.raises(NeverConnected):
            await bot.get_me()


@pytest.mark.parametrize("request_kind", [AiohttpRequest, HTTPXRequest])
async def test_a_call_with_a_lost_answer_may_have_arrived(request_kind):
    async def hang_up(_):
        return None

    async with serving(hang_up) as (address, seen), talking(address, request_kind()) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert len(seen) == 1
    assert not never_arrived(caught.value)


async def test_a_call_with_a_cut_answer_may_have_arrived():
    async def half(_):
        return b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"

    async def then_gone(request):
        return await half(request)

    async with serving(then_gone) as (address, _), talking(address) as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me(read_timeout=0.05)
    assert not never_arrived(caught.value)


async def test_a_call_with_a_late_answer_times_out(monkeypatch):
    monkeypatch.setattr(transport, "SECONDS_TO_ANSWER", 0.05)
    never = asyncio.Event()

    async def late(_):
        await never.wait()

    async with serving(late) as (address, _), talking(address) as bot:
        with pytest.raises(TimedOut) as caught:
            await bot.get_me()
        never.set()
    assert not never_arrived(caught.value)


async def test_no_error_contains_the_token():
    async with talking("http://127.0.0.1:1") as bot:
        with pytest.raises(NetworkError) as caught:
            await bot.get_me()
    assert TOKEN not in str(caught.value)


async def test_an_answer_that_is_not_json_is_an_error_and_is_not_logged(log):
    async def broken(_):
        return b'HTTP/1.1 200 OK\r\nContent-Length: 26\r\n\r\n{"result": [{"text": "340/4'

    async with serving(broken) as (address, _), talking(address) as bot:
        with pytest.raises(TelegramError):
            await bot.get_me()
    assert "340/4" not in log.getvalue()


async def test_an_http_proxy_is_used():
    async with serving(answer_me) as (proxy, seen), talking("http://far.invalid", None, proxy) as b:
        assert (await b.get_me()).username == "a_bot"
    assert seen[0].startswith(f"POST http://far.invalid/bot{TOKEN}/getMe ".encode())


@asynccontextmanager
async def socks_proxy(target):
    """A minimal SOCKS5 proxy: no password, CONNECT, everything goes to `target`."""
    asked = []
    running = set()

    async def pump(reader, writer):
        try:
            while data := await reader.read(65536):
                writer.write(data)
        except ConnectionError:
            pass
        finally:
            writer.close()

    async def talk(reader, writer):
        running.add(asyncio.current_task())
        _, methods = await reader.readexactly(2)
        await reader.readexactly(methods)
        writer.write(b"\x05\x00")
        head = await reader.readexactly(4)
        size = 4 if head[3] == 1 else (await reader.readexactly(1))[0]
        asked.append(await reader.readexactly(size))
        await reader.readexactly(2)
        writer.write(b"\x05\x00\x00\x01" + b"\x00" * 6)
        host, port = target.removeprefix("http://").split(":")
        there, back = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pump(reader, back), pump(there, writer))

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}", asked
    await asyncio.wait(running)


@pytest.mark.parametrize("scheme", ["socks5", "socks5h"])
async def test_a_socks_proxy_is_used(scheme):
    async with serving(answer_me) as (address, _), socks_proxy(address) as (proxy, asked):
        port = address.rsplit(":", 1)[1]
        async with talking(f"http://localhost:{port}", None, f"{scheme}://{proxy}") as bot:
            assert (await bot.get_me()).username == "a_bot"
    assert asked == [b"localhost"]  # the host name goes to the proxy


@pytest.mark.parametrize("scheme", ["http", "socks5"])
async def test_a_proxy_that_is_down_never_connects(scheme):
    async with serving(answer_me) as (address, _):
        pass
    proxy = f"{scheme}://{address.removeprefix('http://')}"
    async with talking("http://far.invalid", None, proxy) as bot:
        with pytest.raises(NeverConnected):
            await bot.get_me()


class Recorded(AiohttpRequest):
    """Records the request and sends nothing."""

    async def initialize(self):
        self.data = []

    async def do_request(self, url, method, request_data=None, *_, **__):
        self.data.append(request_data)
        return 200, b'{"ok": true, "result": true}'


async def test_plain_data_equals_the_request_data_of_ptb():
    commands = [{"command": "baocao", "description": "Khu 3: 85,5 %"}]
    async with Recorded() as request:
        bot = Bot(TOKEN, request=request)
        await bot.set_my_commands([BotCommand(**commands[0])], language_code="vi")
        await request.post(bot.base_url, plain_data({"commands": commands, "language_code": "vi"}))
        await bot.answer_callback_query("17", "Đã ghi", show_alert=True, cache_time=5)
        given = {"callback_query_id": "17", "text": "Đã ghi", "show_alert": True, "cache_time": 5}
        await request.post(bot.base_url, plain_data(given))
    for theirs, ours in (request.data[:2], request.data[2:]):
        assert isinstance(theirs, RequestData)
        assert {n: read(v) for n, v in ours.json_parameters.items()} == {
            n: read(v) for n, v in theirs.json_parameters.items()
        }
        assert (ours.multipart_data or {}) == (theirs.multipart_data or {})
        assert ours.contains_files is theirs.contains_files is False


async def test_plain_data_is_sent_as_json():
    given = {"chat_id": 17, "text": "Đã ghi: 85,5 %", "reply_markup": {"inline_keyboard": []}}
    async with serving(answer_me) as (address, seen), AiohttpRequest() as request:
        await request.post(f"{address}/bot{TOKEN}/sendMessage", plain_data(given))
    head, _, body = seen[0].partition(b"\r\n\r\n")
    assert b"content-type: application/json\r\n" in head.lower()
    assert json.loads(body) == given


def read(text):
    """A parameter's value: JSON, or a string as it is."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def test_importing_the_transport_does_not_change_the_environment():
    code = (
        "import os; was = dict(os.environ); import bot.telegram.transport; assert os.environ == was"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("given", [7, timedelta(seconds=7)])
@pytest.mark.parametrize("as_span", ["", "true"])
def test_the_time_to_wait_is_read_as_a_number_or_a_timedelta(monkeypatch, given, as_span):
    monkeypatch.setenv("PTB_TIMEDELTA", as_span)
    assert retry_seconds(RetryAfter(given)) == 7
