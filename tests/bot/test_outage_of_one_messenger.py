"""An outage is told by bot, with the time for which its messenger keeps what people write."""

from datetime import timedelta

import sqlalchemy as sa

from bot.zalo.channel import ZALO
from handlers.flow.channel import Capabilities
from handlers.reminders.after_outage import AGAIN, may_have_lost
from storage.tables import outbox
from tests.bot.test_both_messengers import BOT, both_running
from tests.conftest import START

LOST = "mất liên lạc"


async def noted(both):
    part = both.deployment.program.parts[BOT]
    await both.deployment.until(lambda: part._poller.answered)
    await both.deployment.program.jobs.tick()
    await both.deployment.program.idle()


async def off(both, minutes):
    """The bot is off for so long; then it is on and has looked what is due."""
    async with both.deployment.outage():
        both.deployment.clock.move_to(both.deployment.clock.now() + timedelta(minutes=minutes))
    both.deployment.program.jobs.scheduler.pause()
    await noted(both)


async def test_after_an_hour_people_on_zalo_are_told_and_asked_again_and_those_on_telegram_not(
    deployment,
):
    async with both_running(deployment) as both:
        officer = await both.zalo_phone("Mai", "officer")
        head, second = await both.zalo_phone("Hùng"), await both.joined("Lan", area="Khu 2")
        elsewhere = await both.joined("Tuấn", "operator")
        await head.send("báo cáo")
        await second.send("báo cáo")
        await noted(both)
        await off(both, 10)  # a restart: nobody is told
        assert LOST not in " ".join(officer.screens)
        await off(both, 60)
        deployment.clock.move_to(deployment.clock.now() + timedelta(minutes=20))
        await both.deployment.program.idle()
        (told,) = [one for one in officer.screens if LOST in one]
        assert "Từ 09:10 ngày 2/3 đến 10:10 ngày 2/3, máy mất liên lạc với Zalo" in told
        (asked,) = [one for one in head.screens if LOST in one]
        assert "Câu 1/8" in asked
        assert LOST not in " ".join(second.screens)
        assert len([one for one in elsewhere.screens if LOST in one]) == 1  # the operator
        await noted(both)
        assert len([one for one in officer.screens if LOST in one]) == 1


async def test_what_each_messenger_keeps_decides_when_messages_may_be_lost():
    day = timedelta(days=1)
    assert not may_have_lost(Capabilities().keeps, START, START + day)
    assert may_have_lost(Capabilities().keeps, START, START + day + timedelta(minutes=1))
    assert not may_have_lost(ZALO.keeps, START, START + timedelta(minutes=30))
    assert may_have_lost(ZALO.keeps, START, START + timedelta(minutes=31))


async def test_only_the_bot_that_was_not_reached_has_an_outage(deployment):
    async with both_running(deployment) as both:
        head, second = await both.zalo_phone("Hùng"), await both.joined("Lan", area="Khu 2")
        await head.send("báo cáo")
        await second.send("báo cáo")
        await noted(both)
        program = both.deployment.program
        part = program.parts[BOT]
        part._poller._refused = True  # Zalo doesn't take its token
        for _ in range(3):
            deployment.clock.move_to(deployment.clock.now() + timedelta(minutes=25))
            program.contacts._moved.clear()  # the time passed, nobody moved the clock
            await noted(both)
        part._poller._refused = False
        await noted(both)
        whom = sa.select(sa.func.count()).where(outbox.c.kind == AGAIN)
        assert await both.database.read(lambda tx: tx.scalar(whom)) == 1
