"""The web server with connections that send nothing, too much, or too slowly."""

import asyncio
import json
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from bot.service import connections
from bot.service.web import WebServer
from tests.bot.service.test_web import listening

ASK = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


async def opened(deployment):
    return await asyncio.open_connection(*deployment.settings.listen)


async def answer(deployment, request=ASK):
    """The status line, empty when the connection was closed without an answer."""
    reader, writer = await opened(deployment)
    writer.write(request)
    try:
        return await reader.readline()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def closed(reader):
    """Return when the server has closed the connection."""
    async with asyncio.timeout(5):
        try:
            while await reader.read(1000):
                pass
        except ConnectionError:
            pass


@pytest.mark.parametrize("begun", [b"", b"GET /healthz HTTP/1.1\r\nHost:"])
async def test_many_half_open_connections_block_nobody_and_are_closed(
    deployment, monkeypatch, begun
):
    monkeypatch.setattr(connections, "MOST", 20)
    async with listening(deployment):
        silent = [await opened(deployment) for _ in range(60)]
        for _, writer in silent:
            writer.write(begun)
        assert b"200" in await answer(deployment)
        monkeypatch.setattr(connections, "SECONDS_TO_ASK", 0.1)
        waiting = await opened(deployment)
        await closed(waiting[0])
        for _, writer in (*silent, waiting):
            writer.close()


async def test_a_header_that_comes_byte_by_byte_is_given_up(deployment, monkeypatch):
    monkeypatch.setattr(connections, "SECONDS_TO_ASK", 0.2)
    async with listening(deployment):
        reader, writer = await opened(deployment)
        began = time.monotonic()
        for byte in ASK[:-1]:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)
            if reader.at_eof() or writer.is_closing():
                break
        await closed(reader)
        assert 0.15 < time.monotonic() - began < 3
        writer.close()


async def test_a_connection_with_repeated_requests_stays_open(deployment, monkeypatch):
    monkeypatch.setattr(connections, "SECONDS_TO_ASK", 0.3)
    async with listening(deployment):
        reader, writer = await opened(deployment)
        for _ in range(6):
            writer.write(ASK)
            assert await reader.readuntil(b"ok\n")
            await asyncio.sleep(0.1)
        writer.close()


async def test_an_endless_header_is_cut(deployment):
    async with listening(deployment):
        long = b"GET / HTTP/1.1\r\nX: " + b"x" * 2 * connections.LARGEST_HEAD
        assert await answer(deployment, long) == b""
        assert b"200" in await answer(deployment)


async def test_a_body_that_arrives_with_its_header_is_no_part_of_it(deployment, monkeypatch):
    monkeypatch.setattr(connections, "LARGEST_HEAD", 400)
    async with listening(deployment, hook=True):
        update = json.dumps({"update_id": 5}).encode() + b" " * 900
        head = (
            f"POST /secret-path HTTP/1.1\r\nHost: x\r\nContent-Length: {len(update)}\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {deployment.settings.secret}\r\n\r\n"
        ).encode()
        assert len(head) < 400
        assert b"200" in await answer(deployment, head + update)
        long = head.replace(b"Host: x", b"Host: x\r\nX: " + b"x" * 400)
        assert await answer(deployment, long + update) == b""


@pytest.mark.parametrize("secret", ["right", "wrong"])
async def test_a_body_that_is_missing_or_endless_is_refused(deployment, monkeypatch, secret):
    monkeypatch.setattr(connections, "SECONDS_FOR_BODY", 0.2)
    monkeypatch.setattr(connections, "LARGEST_BODY", 1000)
    async with listening(deployment, hook=True):
        given = deployment.settings.secret if secret == "right" else "x"
        head = (
            "POST /secret-path HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n"
            f"X-Telegram-Bot-Api-Secret-Token: {given}\r\n\r\n"
        ).encode()
        expected = b"413" if secret == "right" else b"403"
        assert expected in await answer(deployment, head)
        assert expected in await answer(deployment, head + b"x" * 4000)
        update = json.dumps({"update_id": 5}).encode()
        whole = head.replace(b"5000", str(len(update)).encode()) + update
        assert (b"200" if secret == "right" else b"403") in await answer(deployment, whole)


async def test_answers_that_are_held_leave_the_other_connections_their_places(monkeypatch):
    monkeypatch.setattr(connections, "MOST", 3)
    begun = asyncio.Queue()

    async def stream(request):
        connections.hold(request)

        async def events():
            yield "begun"
            begun.put_nowait(1)
            await asyncio.sleep(60)

        return StreamingResponse(events())

    server = WebServer()
    port = server.listen("127.0.0.1", 0)
    app = Starlette(routes=[Route("/live", stream), Route("/", lambda _: PlainTextResponse("ok"))])
    task = asyncio.ensure_future(server.serve(app))
    held, silent = [], []
    for _ in range(8):
        held.append(await asyncio.open_connection("127.0.0.1", port))
        held[-1][1].write(b"GET /live HTTP/1.1\r\nHost: x\r\n\r\n")
        await asyncio.wait_for(begun.get(), 5)
    for _ in range(5):  # half-open ones take each other's place only
        silent += [await asyncio.open_connection("127.0.0.1", port)]
    await closed(silent[0][0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
    assert b"200" in await reader.readline()
    for stays, _ in held:
        assert b"200" in await stays.readline()
        assert not stays.at_eof()
    for _, one in (*held, *silent, (reader, writer)):
        one.close()
    await server.stop()
    await task


@pytest.mark.parametrize(
    ("proxies", "client"),
    [("127.0.0.1", "203.0.113.7"), ("*", "203.0.113.7"), ("10.0.0.0/8", "127.0.0.1")],
)
async def test_the_address_of_a_request_is_taken_from_a_known_proxy_only(proxies, client):
    server = WebServer(proxies)
    port = server.listen("127.0.0.1", 0)
    told = Route("/", lambda request: PlainTextResponse(f"from {request.client.host}"))
    task = asyncio.ensure_future(server.serve(Starlette(routes=[told])))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 203.0.113.7\r\n\r\n")
    await reader.readuntil(b"\r\n\r\n")
    assert await reader.readexactly(len(f"from {client}")) == f"from {client}".encode()
    writer.close()
    await server.stop()
    await task
