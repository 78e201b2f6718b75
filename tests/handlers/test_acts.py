"""How many texts and presses something takes; the telephone counts them."""

import pytest

from storage.results import confirmations
from tests.handlers.review.test_review import sends


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_first_report_takes_ten_actions(village, language):
    """One action to begin, one for each of the eight questions, one to send."""
    hung = await village.joined("Hùng", language=language)
    before = hung.acts
    await hung.press("📝")
    for answer in ("300", "5", "✅", "▫️", "240", "7", "▫️", "✅"):
        assert f"{hung.acts - before}/8" in hung.screen
        await (hung.send(answer) if answer.isdecimal() else hung.press(answer))
    await hung.press("📨")
    assert (await village.report()).state == "sent"
    assert hung.acts - before <= 10


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_return_takes_six_actions(village, language):
    """From the start screen: the list, the report, its return, a question, the note's screen."""
    mai = await village.joined("Mai", role="officer", language=language)
    await sends(await village.joined("Hùng"))
    await mai.send("/start")
    before = mai.acts
    for caption in ("🗂", "Khu 1", "↩️", "▫️ 5", "✍️"):
        await mai.press(caption)
    await mai.send("xin đếm lại")
    report = await village.report()
    assert (report.state, report.return_note) == ("returned", "xin đếm lại")
    assert mai.acts - before <= 6


@pytest.mark.parametrize("language", ["vi", "en"])
async def test_a_confirmation_takes_four_actions_including_the_way_to_the_indicator(
    village, language
):
    mai = await village.joined("Mai", role="officer", language=language)
    before = mai.acts
    await mai.send("KT3")
    for caption in ("☑️", "✅"):
        await mai.press(caption)
    await mai.send("đã bán trên sàn")
    found = await village.database.read(
        lambda tx: confirmations.confirmations_of(tx, village.round)
    )
    assert found["KT3"].answer
    assert mai.acts - before <= 4
