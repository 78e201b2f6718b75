"""The conversations of docs/screens.md, role by role."""

from tests.screens.area_head import in_one_message, report, the_rest_of_the_report
from tests.screens.chair import status
from tests.screens.clockwork import by_the_clock, question_an_evening
from tests.screens.counting import count, practise
from tests.screens.newcomer import join, leave, strangers
from tests.screens.officer import manage, review
from tests.screens.operator import operate
from tests.screens.stage import Stage


async def play(stage: Stage) -> None:
    """Play everything, in the order of the page."""
    await join(stage)
    await strangers(stage)
    await report(stage)
    await in_one_message(stage)
    await the_rest_of_the_report(stage)
    await practise(stage)
    await count(stage)
    await status(stage)
    await review(stage)
    await manage(stage)
    await operate(stage)
    await question_an_evening(stage)
    await by_the_clock(stage)
    await leave(stage)
