"""All kinds of network failures: the bot goes on, nothing is lost, little is sent twice."""

from contextlib import asynccontextmanager

import pytest

from bot.intake.conversation import ConversationRunner
from bot.sending import pacing
from bot.service import program as service
from bot.service.clock_watch import ClockWatch
from bot.simulator.faults import Fault
from bot.simulator.server import serving
from bot.telegram import channel, polling, transport
from handlers.flow.channel import Reply
from tests.bot.test_taking_in import Listener, answers
from tests.bot.wire import ILLS, Via, wire_to


@pytest.fixture(autouse=True)
def _short_times(monkeypatch):
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(polling, "LONGEST_PAUSE", 0.05)
    monkeypatch.setattr(polling, "POLL_LIMIT", 0.4)
    monkeypatch.setattr(polling, "STALE_SECONDS", 1.0)
    monkeypatch.setattr(transport, "SECONDS_TO_ANSWER", 0.3)
    monkeypatch.setattr(channel, "PAUSES", (0.05,) * 7)


@asynccontextmanager
async def wired(deployment, world, conversation):
    """The bot, with one wire for its polls and one for all other calls."""
    async with (
        serving(world) as address,
        wire_to(address) as polls,
        wire_to(address) as calls,
    ):
        deployment.settings = deployment.settings.model_copy(update={"telegram_api_url": address})
        watch = ClockWatch(deployment.clock)
        async with deployment.running(
            conversation=conversation, watch=watch,
            request=Via(address, calls, watch), poll_request=Via(address, polls, watch),
        ) as program:  # fmt: skip
            yield program, polls, calls


@pytest.mark.parametrize("ill", ILLS)
async def test_a_hanging_poll_is_noticed_and_repeated(deployment, world, log, ill):
    listener, phone = Listener(), world.add_phone("Lan")
    async with wired(deployment, world, listener.conversation) as (program, polls, _):
        world.send_text(phone.id, "a")
        await deployment.until(lambda: answers(phone))
        assert program.telegram.poller.fresh
        polls.fall_ill(ill)
        for text in ("b", "c"):
            world.send_text(phone.id, text)
        await deployment.until(lambda: "no updates can be received from Telegram" in log.getvalue())
        assert polls.met > 1
        assert "poll failed" in log.getvalue()
        assert not program.telegram.poller.fresh  # /readyz says so
        polls.ill = None
        await deployment.quiet()
        assert program.telegram.poller.fresh
        await deployment.until(lambda: "updates are received from Telegram again" in log.getvalue())
    assert listener.said_by(phone) == ["a", "b", "c"]
    assert answers(phone) == ["heard a", "heard b", "heard c"]


@pytest.mark.parametrize("ill", ILLS)
async def test_a_reply_arrives_over_a_bad_connection(deployment, world, ill):
    listener, phone = Listener(), world.add_phone("Lan")
    async with wired(deployment, world, listener.conversation) as (_, _, calls):
        world.send_text(phone.id, "a")
        await deployment.until(lambda: answers(phone))
        calls.fall_ill(ill)
        world.send_text(phone.id, "b")
        await deployment.until(lambda: calls.met)
        calls.ill = None
        await deployment.quiet()
    assert listener.said_by(phone) == ["a", "b"]
    # If it is unknown whether a question arrived, asking twice is better than not at all.
    assert set(answers(phone)) == {"heard a", "heard b"}
    assert answers(phone).count("heard b") <= (2 if ill == "lost" else 1)


async def test_after_a_long_outage_people_without_a_reply_see_their_place(town, monkeypatch, log):
    monkeypatch.setattr(service, "SECONDS_TO_SHOW_AGAIN", 0.05)
    head, world = town.head, town.deployment.world
    await head.send("/start")
    await head.press("Báo cáo")
    assert "Câu 1/8" in head.screen
    for method in ("sendMessage", "editMessageText", "getMe"):
        world.faults.add(Fault(method, times=99, code=502, description="Bad Gateway"))
    world.send_text(head.id, "340/400")
    await town.deployment.until(lambda: "reply not shown" in log.getvalue())
    await town.deployment.until(lambda: "nothing shown again yet" in log.getvalue())
    assert "Câu 1/8" in head.screen
    world.faults.clear()
    await town.deployment.until(lambda: "Câu 2/8" in head.screen)


async def test_an_early_end_of_a_long_pause_is_noticed_though_nobody_writes(town, monkeypatch, log):
    monkeypatch.setattr(service, "SECONDS_TO_SHOW_AGAIN", 0.05)
    monkeypatch.setattr(pacing, "LONG", 0.3)
    head, world = town.head, town.deployment.world
    await head.send("/start")
    await head.press("Báo cáo")
    hour = {"code": 429, "description": "Too Many Requests", "retry_after": 3600}
    world.faults.add(Fault("sendMessage", times=2, **hour))
    for phone in (town.officer, town.chair):
        world.send_text(phone.id, "/start")
    await town.deployment.until(lambda: '"waits": "everything"' in log.getvalue())
    world.send_text(head.id, "340/400")
    await town.deployment.until(lambda: "Câu 2/8" in head.screen)
    assert not town.program.readiness.pauses()


async def test_a_proxy_that_dies_and_returns_is_an_ordinary_outage(deployment, world, log):
    """The proxy is a wire too: while it is down nothing connects, so nothing is sent twice."""
    listener, phone = Listener(), world.add_phone("Lan")
    async with wired(deployment, world, listener.conversation) as (_, polls, calls):
        world.send_text(phone.id, "a")
        await deployment.until(lambda: answers(phone))
        for wire in (polls, calls):
            wire.fall_ill("closed")
        world.send_text(phone.id, "b")
        await deployment.until(lambda: polls.met > 2)
        for wire in (polls, calls):
            wire.ill = None
        await deployment.quiet()
    assert answers(phone) == ["heard a", "heard b"]


async def test_one_chat_that_telegram_delays_does_not_delay_the_others(deployment, world):
    listener = Listener()
    lan, nam = world.add_phone("Lan"), world.add_phone("Nam")
    async with deployment.running(
        conversation=ConversationRunner(listener.handle, lambda *_: Reply())
    ):
        for text in ("a", "b"):
            world.send_text(lan.id, text)
        await deployment.quiet()
        world.faults.add(Fault("sendMessage", code=429, description="Too Many", retry_after=2))
        world.send_text(lan.id, "c")
        await deployment.until(lambda: world.faults.listed() == [])
        world.send_text(nam.id, "a")
        await deployment.until(lambda: answers(nam))
        assert "heard c" not in answers(lan)
        await deployment.quiet()
        assert "heard c" in answers(lan)
