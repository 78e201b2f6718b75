"""Files of people: a server that never finishes keeps no other file waiting."""

import asyncio
import socket

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot import messengers
from bot.messengers import FileNotFetched, Files
from bot.simulator.hosting import hosting
from bot.zalo import client as zalo_client
from bot.zalo.client import Uncertain, ZaloClient
from bot.zalo.files import ZaloFiles
from bot.zalo.set_up import public_socket, zalo_session


async def slow_server(scope, receive, send):
    """Answer with a byte now and then, for longer than the test waits."""
    await send({"type": "http.response.start", "status": 200, "headers": []})
    for _ in range(40):
        await send({"type": "http.response.body", "body": b" ", "more_body": True})
        await asyncio.sleep(0.02)


async def test_a_file_that_never_ends_is_given_back_for_later(monkeypatch):
    monkeypatch.setattr(messengers, "SECONDS_FOR_A_FILE", 0.2)
    async with hosting(slow_server) as address, aiohttp.ClientSession() as session:
        files = Files({"zalo-doi-che": ZaloFiles(session)})
        with pytest.raises(FileNotFetched, match="not complete"):
            await files.fetch(f"zalo-doi-che:{address}/a.jpg", 1000)


async def test_an_answer_of_zalo_that_never_ends_is_uncertain(monkeypatch):
    monkeypatch.setattr(zalo_client, "SECONDS_TO_CONNECT", 0.1)
    monkeypatch.setattr(zalo_client, "SECONDS_TO_ANSWER", 0.1)
    async with hosting(slow_server) as address, aiohttp.ClientSession() as session:
        with pytest.raises(Uncertain):
            await ZaloClient(session, "1:secret-token", address).get_me()


async def test_no_picture_is_fetched_from_a_private_network_or_from_this_machine():
    async def picture(request):
        return Response(b"picture")

    async def elsewhere(request):
        return RedirectResponse(f"{request.base_url}a.jpg")

    routes = [Route("/a.jpg", picture), Route("/b.jpg", elsewhere)]
    async with hosting(Starlette(routes=routes)) as address, zalo_session(public=True) as session:
        port = address.rpartition(":")[2]
        hosts = ("127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "10.0.0.1", "169.254.1.1")
        for host in hosts:
            for name in ("a.jpg", "b.jpg"):
                with pytest.raises(FileNotFetched):
                    await ZaloFiles(session).fetch(f"http://{host}:{port}/{name}", 1000)
    async with hosting(Starlette(routes=routes)) as address, zalo_session() as session:
        assert await ZaloFiles(session).fetch(f"{address}/b.jpg", 1000) == b"picture"


def test_a_socket_is_made_for_a_public_address_only():
    public = ("203.0.114.1", 443)
    public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", public)).close()
    for host in ("192.168.1.1", "172.16.0.1", "127.0.0.1", "169.254.169.254", "0.0.0.0"):
        with pytest.raises(OSError, match="public"):
            public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, 80)))
