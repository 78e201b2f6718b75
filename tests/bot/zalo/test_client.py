"""The client with the simulated Zalo over real HTTP: the meaning of each answer."""

import logging
import traceback
from datetime import UTC, datetime

import aiohttp
import pytest
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from bot.simulator.faults import Fault
from bot.simulator.hosting import hosting
from bot.simulator.zalo.server import serving
from bot.simulator.zalo.world import BotPlan, Variants, World
from bot.zalo import client as zalo
from bot.zalo.client import ZaloClient

NOW = datetime(2026, 3, 2, 2, 0, 0, 250_000, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (900).to_bytes(4) + (600).to_bytes(4) + b"\x08\x02"


@pytest.fixture
def world():
    return World(now=lambda: NOW, loopback=True)


@pytest.fixture
async def session():
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
async def client(world, session):
    async with serving(world) as address:
        yield ZaloClient(session, world.token, f"{address}/")


@pytest.fixture
def lan(world):
    phone = world.add_phone("Lan")
    world.send_text(phone.id, "xin chào")
    return phone


@pytest.fixture
async def office():
    """A web server with a picture and the address of a webhook."""
    taken = []

    async def picture(request):
        return Response(PNG)

    async def hook(request):
        taken.append(await request.body())
        return Response(status_code=204)

    app = Starlette(routes=[Route("/a.png", picture), Route("/hook", hook, methods=["POST"])])
    async with hosting(app) as address:
        yield address


# --- successful calls ---------------------------------------------------------------------------


async def test_the_client_reads_the_name_and_link_of_the_bot(client, world):
    me = await client.get_me()
    assert me == zalo.Bot(world.bot_id, "bot.xaThongMinh")
    assert me.link == zalo.Bot("1", "xaThongMinh").link == "https://zalo.me/bot.xaThongMinh"


async def test_a_poll_gives_one_event_or_nothing(client, world, lan):
    update = await client.get_updates(1)
    assert update["message"]["text"] == "xin chào"
    assert await client.get_updates(0) is None


async def test_a_message_and_a_picture_are_sent(client, lan, office):
    sent = await client.send_message(lan.id, "Chào Lan")
    assert sent.message == lan.entries[-1].message["message_id"]
    assert sent.at == NOW.replace(microsecond=0)
    await client.send_photo(lan.id, f"{office}/a.png", "Bảng")
    assert lan.entries[-1].content == PNG
    await client.send_photo(lan.id, f"{office}/a.png")
    await client.send_typing(lan.id)
    assert lan.typing == 1


async def test_a_webhook_is_set_and_deleted(client, world, office):
    assert await client.get_webhook() == ""
    assert await client.set_webhook(f"{office}/hook", "secret-of-hook") == zalo.Verification(
        True, 204, ""
    )
    assert await client.get_webhook() == f"{office}/hook"
    assert (await client.set_webhook(f"{office}/nothing", "secret-of-hook")).ok is False
    await client.delete_webhook()
    assert await client.get_webhook() == ""


# --- failures -----------------------------------------------------------------------------


async def test_a_long_text_an_unknown_chat_and_a_private_address_are_refused_for_good(client, lan):
    with pytest.raises(zalo.Refused) as caught:
        await client.send_message(lan.id, "x" * 2001)
    assert caught.value.code == 400
    assert str(caught.value) == "sendMessage: 400 text is longer than 2000 characters"
    with pytest.raises(zalo.Refused):
        await client.send_message("nobody", "x")
    with pytest.raises(zalo.Refused):
        await client.send_photo(lan.id, "https://10.0.0.1/a.png")


async def test_a_blocked_bot_is_a_separate_error(client, world, lan):
    world.block(lan.id)
    with pytest.raises(zalo.Blocked):
        await client.send_message(lan.id, "x")


async def test_a_403_without_a_chat_is_a_plain_refusal(client, world):
    world.faults.add(Fault("getMe", code=403))
    with pytest.raises(zalo.Refused):
        await client.get_me()


async def test_a_used_up_quota_is_a_separate_error(session, lan):
    world = World(loopback=True, plan=BotPlan(messages_a_month=1))
    phone = world.add_phone("Lan")
    world.send_text(phone.id, "xin chào")
    async with serving(world) as address:
        client = ZaloClient(session, world.token, address)
        await client.send_message(phone.id, "một")
        with pytest.raises(zalo.OverQuota) as caught:
            await client.send_message(phone.id, "hai")
    assert caught.value.code == 429


async def test_a_token_that_was_reset_is_a_separate_error(client, world, lan):
    world.reset_token()
    for call in (client.get_me(), client.get_updates(1), client.send_message(lan.id, "x")):
        with pytest.raises(zalo.WrongToken):
            await call


@pytest.mark.parametrize(
    "fault",
    [
        {"lost": True},
        {"lost": True, "code": 500},
        {"page": 200},
        {"page": 502},
        {"code": 503},
        {"code": 408},
    ],
    ids=str,
)
async def test_a_call_that_may_have_been_done_is_uncertain(client, world, lan, fault):
    world.faults.add(Fault("sendMessage", **fault))
    with pytest.raises(zalo.Uncertain):
        await client.send_message(lan.id, "x")
    await client.send_message(lan.id, "y")


async def test_a_late_answer_is_uncertain(client, world, lan, monkeypatch):
    monkeypatch.setattr(zalo, "SECONDS_TO_FETCH", 0.1)
    world.faults.add(Fault("sendPhoto", delay=0.5))
    with pytest.raises(zalo.Uncertain):
        await client.send_photo(lan.id, "https://xa.vn/a.png")


async def test_an_uncertain_poll_is_not_an_empty_one(client, world):
    world.faults.add(Fault("getUpdates", page=200))
    with pytest.raises(zalo.Uncertain):
        await client.get_updates(0)


async def test_a_refused_connection_means_that_the_call_did_not_arrive(session):
    client = ZaloClient(session, "1:token", "http://127.0.0.1:9")
    with pytest.raises(zalo.NeverConnected):
        await client.get_me()
    with pytest.raises(zalo.NeverConnected):
        await ZaloClient(session, "1:token", "http://[/").get_me()


@pytest.mark.parametrize(
    "answer",
    ['{"ok": true}', '{"ok": true, "result": []}', '{"ok": true, "result": {"date": "soon"}}'],
)
async def test_a_sent_message_may_lack_its_id_in_the_answer(session, answer):
    async with hosting(answering(answer)) as address:
        sent = await ZaloClient(session, "1:token", address).send_message("chat", "x")
    assert sent == zalo.Sent(None, None)


@pytest.mark.parametrize(
    "answer", ["", "[]", "{}", "[" * 200_000, '{"ok": "yes"}', '{"error": -201}']
)
async def test_an_answer_that_is_not_from_zalo_is_uncertain(session, answer):
    async with hosting(answering(answer)) as address:
        with pytest.raises(zalo.Uncertain):
            await ZaloClient(session, "1:token", address).send_message("chat", "x")


@pytest.mark.parametrize(
    ("answer", "status", "kind"),
    [
        ('{"ok": false, "error_code": 404, "description": "x"}', 200, zalo.Refused),
        ('{"ok": false, "description": "no code"}', 403, zalo.Blocked),
        ('{"ok": false}', 200, zalo.Uncertain),
        ('{"ok": false, "error_code": -1}', 200, zalo.Uncertain),
    ],
)
async def test_the_error_code_is_in_the_answer_or_is_its_status(session, answer, status, kind):
    async with hosting(answering(answer, status)) as address:
        with pytest.raises(kind):
            await ZaloClient(session, "1:token", address).send_message("chat", "x")


def answering(text, status=200):
    async def answer(request):
        return Response(text, status_code=status)

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])


# --- the token --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "fault",
    [{"lost": True}, {"reset": True}, {"page": 200}, {"code": 401}, {"code": 400}, {}],
    ids=str,
)
async def test_the_token_is_in_no_exception_and_in_no_log(world, session, fault, caplog):
    caplog.set_level(logging.DEBUG)
    fault = {"description": f"/bot{world.token}/getMe is wrong", "code": 400, **fault}
    if {"lost", "reset", "page"} & fault.keys():
        del fault["code"]
    world.faults.add(Fault("getMe", **fault))
    async with serving(world) as address:
        client = ZaloClient(session, world.token, address)
        with pytest.raises(zalo.ZaloError) as caught:
            await client.get_me()
    secret = world.token.split(":")[1]
    written = "".join(traceback.format_exception(caught.value))
    assert caught.value.__context__ is None
    for text in (str(caught.value), repr(caught.value), written, repr(client), caplog.text):
        assert secret not in text


async def test_an_unreachable_address_does_not_reveal_the_token(session):
    client = ZaloClient(session, "1:secret-half", "http://[/")
    with pytest.raises(zalo.NeverConnected) as caught:
        await client.get_me()
    assert "secret-half" not in "".join(traceback.format_exception(caught.value))


async def test_a_part_of_the_token_that_zalo_quotes_is_removed(client, world):
    secret = world.token.split(":")[1]
    world.faults.add(Fault("getMe", code=400, description=f"no bot has {secret}"))
    with pytest.raises(zalo.Refused) as caught:
        await client.get_me()
    assert str(caught.value) == "getMe: 400 no bot has …"


async def test_what_zalo_quotes_of_a_text_is_not_passed_on(client, world, lan):
    world.faults.add(Fault("sendMessage", code=400, description="bad text: 0912345678 Lan"))
    with pytest.raises(zalo.Refused) as caught:
        await client.send_message(lan.id, "0912345678 Lan")
    assert str(caught.value) == "sendMessage: 400 bad text"


async def test_both_reported_behaviours_of_polls_are_supported(session):
    world = World(variants=Variants(again=True))
    world.send_text(world.add_phone("Lan").id, "một")
    async with serving(world) as address:
        client = ZaloClient(session, world.token, address)
        same = [await client.get_updates(1) for _ in range(3)]
    assert same[0] == same[1] == same[2] != None  # noqa: E711
