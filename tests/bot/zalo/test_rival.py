"""Two programs with one token set the webhook in turns: that is told, and passes."""

import asyncio

from bot.service.tasks import Tasks
from bot.zalo import webhook as hook_module
from bot.zalo.webhook import REPORTED_FOR, Rival, ZaloHook
from tests.bot.zalo.test_client import client, office, session, world

__all__ = ["client", "office", "session", "world"]


def test_only_a_webhook_that_was_ours_is_taken_away():
    now = 0.0
    rival = Rival("zalo-a", lambda: now)
    rival.note(ours=False)  # the address of before, at the start
    rival.note(ours=True)
    assert rival.trouble() is None
    rival.note(ours=False)
    assert "another program" in rival.trouble()
    rival.note(ours=True)
    now = REPORTED_FOR
    assert "another program" in rival.trouble()
    now += 1
    assert rival.trouble() is None


async def test_a_webhook_that_another_program_sets_is_set_again_and_told(
    client, office, monkeypatch, log
):
    monkeypatch.setattr(hook_module, "SECONDS_APART", 0.01)
    tasks, hook = Tasks(), ZaloHook("zalo-a", client, f"{office}/hook", "secret-of-ours")
    tasks.start(hook.run(), "hook")
    async with asyncio.timeout(10):
        while hook.trouble() is not None:
            await client.get_webhook()
        while "another program" not in (hook.trouble() or ""):
            await client.set_webhook(f"{office}/other", "secret-of-theirs")
        while await client.get_webhook() != f"{office}/hook":
            await client.get_me()
    await tasks.close()
    assert "another program set the webhook" in log.getvalue()
