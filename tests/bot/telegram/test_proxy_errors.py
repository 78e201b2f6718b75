"""Errors of a proxy are reported: it is unreachable, wants a password, or leads nowhere."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from bot.telegram.proxy_errors import ProxyFailed
from tests.bot.telegram.test_transport import talking

TELEGRAM = "https://far.invalid"
NOT_THERE, NOWHERE = (
    "the proxy can't be reached",
    "the proxy is there, but doesn't lead to Telegram",
)
WANTS, REFUSES = (
    "the proxy wants a name and a password",
    "the proxy refuses the name or the password",
)


@asynccontextmanager
async def a_proxy(talk):
    running = set()

    async def once(reader, writer):
        running.add(asyncio.current_task())
        await talk(reader, writer)
        writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    async with server:
        yield f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
    await asyncio.gather(*running, return_exceptions=True)


def answering(status):
    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n".encode())

    return talk


async def wants_a_password(reader, writer):
    """A SOCKS5 proxy that accepts no password."""
    methods = await reader.readexactly((await reader.readexactly(2))[1])
    if 2 not in methods:
        writer.write(b"\x05\xff")
        return
    writer.write(b"\x05\x02")
    await reader.readexactly(1)
    for _ in ("name", "password"):
        await reader.readexactly((await reader.readexactly(1))[0])
    writer.write(b"\x01\x01")


async def leads_nowhere(reader, writer):
    """A SOCKS5 proxy whose connections are refused."""
    await reader.readexactly((await reader.readexactly(2))[1])
    writer.write(b"\x05\x00")
    await reader.readexactly(4)
    writer.write(b"\x05\x05\x00\x01" + b"\x00" * 6)


@pytest.mark.parametrize(
    ("before", "talk", "telegram", "said"),
    [
        ("http://", answering(407), TELEGRAM, WANTS),
        ("http://lan:geheim@", answering(407), TELEGRAM, REFUSES),
        ("http://lan:geheim@", answering(407), "http://far.invalid", REFUSES),
        ("http://", answering(502), TELEGRAM, f"{NOWHERE} (502)"),
        ("socks5://", wants_a_password, TELEGRAM, WANTS),
        ("socks5://lan:geheim@", wants_a_password, TELEGRAM, REFUSES),
        ("socks5://", leads_nowhere, TELEGRAM, NOWHERE),
    ],
)
async def test_the_errors_of_a_proxy_are_reported(before, talk, telegram, said):
    async with a_proxy(talk) as address, talking(telegram, None, before + address) as bot:
        with pytest.raises(ProxyFailed) as caught:
            await bot.get_me()
    assert str(caught.value) == said


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("telegram", [TELEGRAM, "http://far.invalid"])
async def test_an_unreachable_proxy_is_reported(scheme, telegram):
    async with talking(telegram, None, f"{scheme}://127.0.0.1:9") as bot:
        with pytest.raises(ProxyFailed, match=NOT_THERE):
            await bot.get_me()
