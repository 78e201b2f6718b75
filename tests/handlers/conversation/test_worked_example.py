"""The example of docs/decisions/0016-addressed-messages.md: one evening's conversation."""

from criteria.answers import Ratio
from tests.handlers.test_addressing import hung  # noqa: F401 - a fixture


async def test_the_example_of_the_decision(village, hung):  # noqa: F811
    first = hung.message()
    await hung.send("340")
    assert await village.answers() == {"HT1": Ratio(340, 400)}
    assert "Câu 2/8" in hung.screen
    await hung.reply(first, "280")
    assert await village.answers() == {"HT1": Ratio(340, 400)}
    assert "280/400" in hung.screen
    await hung.send("đúng")
    assert await village.answers() == {"HT1": Ratio(280, 400)}
    assert "Câu 2/8" in hung.screen
    async with village.deployment.outage():
        await hung.send("bỏ qua")
        await hung.send("5")
    assert await village.answers() == {"HT1": Ratio(280, 400), "HT2": Ratio(5, 5)}
    assert "Câu 3/8" in hung.screen
