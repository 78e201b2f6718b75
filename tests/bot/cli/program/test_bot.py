"""`bot add`, `bot list`, `bot remove`, and what `check` says of each bot."""

import asyncio
import threading
from contextlib import contextmanager

import pytest

from bot.simulator.zalo.server import serving
from bot.simulator.zalo.world import World


@contextmanager
def beside(world):
    """The simulated Zalo in a thread of its own; gives its address."""
    ready, end, found = threading.Event(), threading.Event(), []

    async def serve():
        async with serving(world) as address:
            found.append(address)
            ready.set()
            await asyncio.to_thread(end.wait)

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        end.set()
        thread.join()


@pytest.fixture
def zalo(monkeypatch):
    world = World()
    with beside(world) as address:
        monkeypatch.setenv("ZALO_API_URL", address)
        yield world


ADD = ("bot", "add", "--messenger", "zalo", "--commune", "doi-che")


def test_a_bot_is_added_listed_checked_and_removed(shell, sample, zalo, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    said = shell.run(*ADD, typed=f"{zalo.token}\n")
    assert "https://zalo.me/bot.xaThongMinh" in said
    assert zalo.token not in said
    assert "zalo-doi-che" in shell.run("bot", "list")
    assert [one["name"] for one in shell.json("bot", "list")] == ["zalo-doi-che"]
    found = {one["what"]: one for one in shell.json("check")}
    assert found["bot zalo-doi-che"]["ok"]
    assert "may be lost" in found["bot zalo-doi-che"]["text"]  # it would poll
    assert found["plan zalo-doi-che"]["text"].startswith("0 of 3000 messages")
    again = shell.run(*ADD, typed=f"{zalo.token}\n", code=1)
    assert "There is a bot zalo-doi-che already" in again
    shell.run("bot", "remove", "zalo-doi-che")
    assert shell.json("bot", "list") == []
    assert "There is no bot zalo-doi-che" in shell.run("bot", "remove", "zalo-doi-che", code=1)


def test_check_names_a_bot_whose_token_was_reset(shell, sample, zalo, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    shell.run(*ADD, typed=f"{zalo.token}\n")
    zalo.reset_token()
    assert "Wrong: bot zalo-doi-che" in shell.run("check", code=1)


def test_what_is_refused_adds_nothing(shell, sample, zalo, tmp_path, monkeypatch):
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    assert "There is no commune 'xa-la'" in shell.run(
        *ADD[:-1], "xa-la", typed=f"{zalo.token}\n", code=1
    )
    assert "No token" in shell.run(*ADD, typed="\n", code=1)
    assert "Zalo refuses this token" in shell.run(*ADD, typed="145923:not-this-one\n", code=1)
    assert shell.json("bot", "list") == []
