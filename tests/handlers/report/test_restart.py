"""After a restart of the bot every place and every answer is as before."""

from bot.simulator.faults import Fault
from criteria.answers import Ratio
from tests.conftest import START
from tests.handlers.conftest import Village, found_commune


async def test_days_later_after_a_restart_the_same_question_is_open(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        village = Village(deployment, *made)
        phone = await village.joined("Hùng")
        await phone.press("📝 Báo cáo")
        await phone.send("350")
    async with deployment.running():
        await phone.send("5")
        assert await village.answers() == {"HT1": Ratio(350, 400), "HT2": Ratio(5, 5)}
        assert "Câu 3/8" in phone.screen


async def after_a_lost_reply(village):
    """A person answered the first question; the reply with the second never arrived."""
    phone = await village.joined("Hùng", area="Khu 2")
    await phone.press("📝 Báo cáo")
    shown = len(phone.messages)
    refusal = Fault("sendMessage", code=400, description="Bad Request: made up")
    village.deployment.world.faults.add(refusal)
    await phone.send("3")
    assert len(phone.messages) == shown
    return phone


async def test_after_a_lost_reply_the_repeated_answer_counts_once(village):
    phone = await after_a_lost_reply(village)
    await phone.send("3")
    assert await village.answers("Khu 2") == {"HT1": Ratio(3, 400)}
    assert "Câu 2/8" in phone.screen
    await phone.send("3")
    assert (await village.answers("Khu 2"))["HT2"] == Ratio(3, 5)


async def test_after_a_lost_reply_a_different_answer_is_asked_about(village):
    phone = await after_a_lost_reply(village)
    await phone.send("4")
    assert await village.answers("Khu 2") == {"HT1": Ratio(3, 400)}
    assert "Câu 2/8" in phone.screens[-2]
    assert "“4” là cho câu nào" in phone.screen
    await phone.press("📝 Trả lời câu 2: 4")
    assert (await village.answers("Khu 2"))["HT2"] == Ratio(4, 5)


async def test_a_lost_reply_is_shown_again_at_the_next_start(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        phone = await after_a_lost_reply(Village(deployment, *made))
    async with deployment.running():
        await deployment.quiet()
        assert "Câu 2/8" in phone.screen


async def test_a_lost_receipt_is_shown_again_at_the_next_start(deployment):
    async with deployment.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        phone = await Village(deployment, *made).joined("Hùng", area="Khu 2")
        await phone.press("📝 Báo cáo")
        await phone.send("3")
        await phone.send("gửi")
        await phone.send("gửi")
        for method in ("sendMessage", "editMessageText"):
            refusal = Fault(method, code=400, description="Bad Request: made up")
            deployment.world.faults.add(refusal)
        await phone.press("📨 Vẫn gửi")
        assert "Đã gửi báo cáo" not in phone.screen
        deployment.world.faults.clear()
    async with deployment.running():
        await deployment.quiet()
        assert "Đã gửi báo cáo: Khu 2" in phone.screen
