"""The web server: health, readiness, and a webhook that answers only after it has stored."""

import socket
from contextlib import asynccontextmanager

import httpx
import pytest

from bot.intake.conversation import ConversationRunner
from bot.service.exit_error import ExitError
from bot.simulator.server import delivering
from bot.telegram import polling
from handlers.conversation import dispatch
from handlers.flow.channel import Reply, Screen, Shown
from storage.messages import inbox


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def repeat(tx, incoming, now, deployment):
    if dispatch.begin(tx, incoming) is None:
        return Reply()
    return Reply((Shown(Screen(f"heard {incoming.text}")),))


REPEATING = ConversationRunner(repeat, lambda *_: Reply())


@asynccontextmanager
async def listening(deployment, **settings):
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    given = {"listen": ("127.0.0.1", port), **settings}
    if given.pop("hook", False):
        given["webhook_url"] = f"{address}/secret-path"
    deployment.settings = deployment.settings.model_copy(update=given)
    async with (
        deployment.running(conversation=REPEATING) as program,
        httpx.AsyncClient(base_url=address) as client,
    ):
        await program.jobs.drop_old()  # the start finishes its own writes before
        yield program, client


def value(page, name):
    """A sample's value on the page of /metrics; None where there is none."""
    found = [line.split()[-1] for line in page.splitlines() if line.split()[0] == name]
    return float(found[0]) if found else None


GOOD = {"ready": True, "program": "ok", "database": "ok", "telegram": "ok", "clock": "ok"}


async def test_health_and_readiness_are_served(deployment):
    async with listening(deployment) as (_, client):
        assert (await client.get("/healthz")).text == "ok\n"
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()) == (200, GOOD)
        assert (await client.post("/secret-path", json={})).status_code == 404


async def test_the_bot_is_not_ready_without_a_successful_poll_for_long(deployment, monkeypatch):
    monkeypatch.setattr(polling, "STALE_SECONDS", -1.0)
    async with listening(deployment) as (_, client):
        ready = await client.get("/readyz")
        assert (ready.status_code, ready.json()["ready"]) == (503, False)
        assert ready.json()["telegram"].startswith("no poll was answered for ")


async def test_a_webhook_stores_updates_in_order(deployment, world):
    phone = world.add_phone("Lan")
    async with listening(deployment, hook=True) as (program, _), delivering(world):
        for number in range(20):
            world.send_text(phone.id, f"m{number}")
        await deployment.quiet()
        await program.idle()
    answers = [e.message["text"] for e in phone.entries.values() if not e.mine]
    assert answers == [f"heard m{number}" for number in range(20)]
    assert world.count("getUpdates") == 0


@pytest.mark.parametrize("secret", [None, "", "wrong", "ü"])
async def test_a_call_without_the_secret_is_refused(deployment, world, secret):
    headers = {} if secret is None else {"X-Telegram-Bot-Api-Secret-Token": secret.encode()}
    update = {"update_id": 5, "message": {"chat": {"id": 1, "type": "private"}}}
    async with listening(deployment, hook=True) as (program, client):
        answer = await client.post("/secret-path", json=update, headers=headers)
        assert answer.status_code == 403
        assert await program.database.read(inbox.oldest) == {}


async def test_an_update_that_could_not_be_stored_is_not_confirmed(deployment, world):
    update = {"update_id": 5, "message": {"chat": {"id": 1, "type": "private"}}}
    async with listening(deployment, hook=True) as (program, client):
        headers = {"X-Telegram-Bot-Api-Secret-Token": deployment.settings.secret}
        assert (await client.post("/secret-path", content=b"{", headers=headers)).status_code == 400
        odd = await client.post("/secret-path", json=[1], headers=headers)
        assert odd.status_code == 200  # a second try would not help
        await program.dispatcher.idle()
        await program.database.close()
        answer = await client.post("/secret-path", json=update, headers=headers)
        assert answer.status_code == 503


async def test_a_busy_port_is_reported_before_the_database_is_opened(deployment, tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        deployment.settings = deployment.settings.model_copy(
            update={"listen": ("127.0.0.1", taken.getsockname()[1])}
        )
        with pytest.raises(ExitError, match="Can't listen"):
            async with deployment.running(conversation=REPEATING):
                pass
    assert list(tmp_path.iterdir()) == [tmp_path / "bot.db"]  # as it was before


async def test_a_signed_address_is_served_beside_the_other_pages(deployment, log):
    port = free_port()
    public = f"http://127.0.0.1:{port}"
    deployment.settings = deployment.settings.model_copy(
        update={"public_url": public, "listen": ("127.0.0.1", port)}
    )
    async with deployment.running() as program, httpx.AsyncClient() as web:
        made = await program.temporary_files.put(b"picture", "tinh-hinh.png")
        answer = await web.get(made.url)
        assert (answer.content, answer.headers["Content-Type"]) == (b"picture", "image/png")
        assert (await web.get(f"{public}/f/x")).status_code == 404
    assert made.url.rpartition("/")[2] not in log.getvalue()
