"""The bot is stopped and started: every place and every answer is as it was."""

from bot.simulator.faults import Fault
from criteria.answers import Ratio
from tests.conftest import START
from tests.handlers.conftest import Village, found_commune


async def test_days_later_after_a_restart_the_same_question_is_open(house):
    async with house.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        village = Village(house, *made)
        phone = await village.joined("Hùng")
        await phone.press("📝 Báo cáo")
        await phone.send("350")
    async with house.running():
        await phone.send("5")
        assert await village.answers() == {"HT1": Ratio(350, 400), "HT2": Ratio(5, 5)}
        assert "Câu 3/8" in phone.screen


async def test_a_question_whose_reply_was_lost_is_shown_again_and_not_answered_unseen(house):
    async with house.running() as program:
        made = await program.database.write(lambda tx: found_commune(tx, START))
        village = Village(house, *made)
        phone = await village.joined("Hùng")
        await phone.press("📝 Báo cáo")
        shown = len(phone.messages)
        refusal = Fault("sendMessage", code=400, description="Bad Request: made up")
        house.world.faults.add(refusal)
        await phone.send("350")
        assert len(phone.messages) == shown
        await phone.send("5")
        assert await village.answers() == {"HT1": Ratio(350, 400)}
        assert "chưa hiện ra" in phone.screen
        assert "Câu 2/8" in phone.screen
        await phone.send("5")
        assert (await village.answers())["HT2"] == Ratio(5, 5)
