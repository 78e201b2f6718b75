"""Showing replies: by edits or new messages, with few calls, whatever Telegram answers."""

import asyncio
import io

import httpx
import pytest
from PIL import Image
from sqlalchemy import select

from bot.intake.conversation import ConversationRunner
from bot.simulator.faults import Fault
from bot.telegram import channel
from bot.telegram.calls import keyboard
from handlers.flow.channel import Button, Command, Enclosure, Picture, Reply, Screen, Shown
from handlers.texts import without_tags
from storage.conversations import conversations
from storage.messages import inbox
from storage.people import people
from storage.tables import addresses as addresses_table


def make_picture():
    out = io.BytesIO()
    Image.new("RGB", (32, 24), "green").save(out, "PNG")
    return out.getvalue()


ONE = Screen("<b>một</b>", ((Button("Có", "1|yes"), Button("Chưa", "1|no")),))
TWO = Screen("hai &amp; ba", ((Button("Có", "1|yes"),),))


class Script:
    """A conversation whose next reply the test sets."""

    def __init__(self):
        self.replies = []
        self.person = None

    def handle(self, tx, incoming, now, deployment):
        inbox.finish(tx, incoming.sender.bot, incoming.update)
        if self.person is None:
            self.person = people.add_person(
                tx, bot="telegram", address=incoming.sender.address, name="Lan", handle=None,
                language="vi", consent_version="1", now=now,
            ).id  # fmt: skip
            conversations.save_place(tx, self.person, None, "{}", now)
        return self.replies.pop(0) if self.replies else Reply()


@pytest.fixture
async def scene(deployment, monkeypatch):
    monkeypatch.setattr(channel, "PAUSES", (0.01,) * 7)
    script = Script()
    async with deployment.running(
        conversation=ConversationRunner(script.handle, lambda *_: Reply())
    ) as p:

        class Scene:
            program = p
            until = deployment.until
            world = deployment.world
            phone = deployment.phone()

            def say(self, reply):
                script.replies.append(reply)

            def person(self):
                return script.person

            def all_decided(self):
                return not script.replies

            async def reply(self, *shown, **more):
                """Let the bot answer the next text with this; give the calls."""
                script.replies.append(Reply(shown, person=script.person, **more))
                before = len(self.world.calls)
                await self.phone.send("x")
                done = list(self.world.calls)[before:]
                return sorted(call.method for call in done if call.method != "getUpdates")

            async def reply_to_press(self, caption, *shown, **more):
                script.replies.append(Reply(shown, person=script.person, **more))
                before = len(self.world.calls)
                await self.phone.press(caption)
                done = list(self.world.calls)[before:]
                return sorted(call.method for call in done if call.method != "getUpdates")

            async def kept(self, purpose):
                return await p.database.write(
                    lambda tx: conversations.shown_message(tx, script.person, "telegram", purpose)
                )

            async def seen(self):
                found = await p.database.write(  # after units that only join the next group
                    lambda tx: conversations.conversation_of(tx, script.person)
                )
                return found.shown_revision

            async def reachable(self):
                return await p.database.write(
                    lambda tx: tx.scalar(select(addresses_table.c.blocked_at)) is None
                )

        scene = Scene()
        await scene.phone.send("/start")
        yield scene


async def test_the_id_of_a_new_message_is_stored_under_its_purpose(scene):
    assert await scene.reply(Shown(ONE, purpose="question", revision=1)) == ["sendMessage"]
    message = scene.phone.message()
    assert message["text"] == "một"
    assert message["entities"][0]["type"] == "bold"
    assert scene.phone.buttons == ["Có", "Chưa"]
    assert await scene.kept("question") == str(message["message_id"])
    assert await scene.seen() == 1


async def test_a_reply_that_must_wait_comes_later(scene):
    loop = asyncio.get_running_loop()
    await scene.reply(Shown(ONE))
    began = loop.time()
    await scene.reply(Shown(TWO), delay=0.2)
    assert loop.time() - began >= 0.2
    assert "hai" in scene.phone.screen


async def test_a_typed_text_removes_the_old_buttons(scene):
    await scene.reply(Shown(ONE, purpose="question"))
    first = scene.phone.message()["message_id"]
    calls = await scene.reply(Shown(TWO, purpose="question", remove_keyboard=str(first)))
    assert calls == ["editMessageReplyMarkup", "sendMessage"]
    assert [len(m.get("reply_markup", {})) for m in scene.phone.messages] == [0, 1]
    assert scene.phone.screen == "hai & ba"


async def test_a_press_is_answered_and_the_message_edited(scene):
    await scene.reply(Shown(ONE))
    number = str(scene.phone.message()["message_id"])
    calls = await scene.reply_to_press("Có", Shown(TWO, edit=number), toast="Đã ghi")
    assert calls == ["answerCallbackQuery", "editMessageText"]
    assert scene.phone.toast == "Đã ghi"
    assert len(scene.phone.messages) == 1


async def test_an_edit_that_changes_nothing_is_not_an_error(scene, log):
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    number = str(scene.phone.message()["message_id"])
    await scene.reply(Shown(ONE, edit=number, remove_keyboard="77", purpose="question", revision=1))
    assert len(scene.phone.messages) == 1
    assert await scene.kept("question") == number
    assert "warning" not in log.getvalue()


@pytest.mark.parametrize("number", ["4711", "not a number"])
async def test_a_deleted_message_is_sent_as_a_new_one(scene, number):
    assert "sendMessage" in await scene.reply(Shown(ONE, edit=number, purpose="question"))
    assert await scene.kept("question") == str(scene.phone.message()["message_id"])


async def test_a_press_that_is_too_old_to_answer_still_works(scene, log):
    await scene.reply(Shown(ONE))
    scene.world.faults.add(
        Fault("answerCallbackQuery", code=400, description="Bad Request: query is too old and x")
    )
    await scene.reply_to_press("Có", Shown(TWO))
    assert scene.phone.screen == "hai & ba"
    assert "warning" not in log.getvalue()


async def test_the_menu_is_set_for_this_chat(scene):
    calls = await scene.reply(Shown(ONE), commands=(Command("baocao", "Báo cáo"),))
    assert calls == ["sendMessage", "setMyCommands"]
    assert scene.phone.commands == ["baocao"]


async def test_several_screens_are_sent_in_order(scene):
    await scene.reply(Shown(ONE), Shown(TWO, purpose="question", revision=1))
    assert scene.phone.screens == ["một", "hai & ba"]


async def test_html_that_telegram_refuses_is_sent_as_plain_text(scene, log):
    await scene.reply(Shown(Screen("<b>một</i> &lt;3 tên Lan", ONE.rows)))
    assert scene.phone.screen == "một <3 tên Lan"
    assert scene.phone.buttons == ["Có", "Chưa"]
    assert "screen refused" in log.getvalue()
    assert "Lan" not in log.getvalue()


async def test_a_text_that_is_too_long_is_cut(scene):
    await scene.reply(Shown(Screen("x" * 5000)))
    assert len(scene.phone.screen) == 4096


async def test_a_person_who_blocked_the_bot_is_marked_as_unreachable(scene):
    scene.world.faults.add(
        Fault("sendMessage", code=403, description="Forbidden: bot was blocked by the user")
    )
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    assert not await scene.reachable()
    assert await scene.seen() == 0


async def test_a_reply_is_repeated_after_a_network_failure(scene):
    refused = Fault("sendMessage", times=5, reset=True, error=lambda: httpx.ConnectError("down"))
    scene.world.faults.add(refused)
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    assert scene.phone.screens == ["một"]
    assert await scene.seen() == 1


async def test_a_screen_that_could_not_be_shown_is_not_recorded_as_seen(scene):
    scene.world.faults.add(Fault("sendMessage", times=99, code=500))
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    assert await scene.seen() == 0
    scene.world.faults.clear()
    await scene.reply(Shown(TWO, purpose="question", revision=1))
    assert await scene.seen() == 1


def test_the_keyboard_has_links_and_data():
    screen = Screen("x", ((Button("Mở", url="https://example.org"),), (), (Button("Có", "1|y"),)))
    rows = keyboard(screen)["inline_keyboard"]
    assert [[(b["text"], b.get("url"), b.get("callback_data")) for b in row] for row in rows] == [
        [("Mở", "https://example.org", None)],
        [("Có", None, "1|y")],
    ]
    assert keyboard(Screen("x")) is None


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<b>a</b> &amp; <i>b</i>", "a & b"),
        ('<a href="https://x">x</a>', "x"),
        ("3 &lt; 4 &gt; 2", "3 < 4 > 2"),
    ],
)
def test_plain_text_has_no_tags(html, text):
    assert without_tags(html) == text


async def test_a_reply_in_a_topic_of_a_private_chat_goes_to_the_topic(scene):
    picture = Picture("x.png", make_picture)
    enclosed = Enclosure("file", "tệp", reference="nothing such")
    reply = Reply(
        (Shown(ONE, enclosures=(enclosed,)), Shown(TWO, picture=picture)), person=scene.person()
    )
    scene.say(reply)
    written = scene.world.send_text(scene.phone.id, "x")[0]
    scene.world.updates.drop()
    topic = {"message_thread_id": 17, "is_topic_message": True}
    scene.world.updates.add("message", {**written, **topic})
    await scene.phone.settled()
    assert [one.get("message_thread_id") for one in scene.phone.messages] == [17, 17]
    assert scene.phone.screens == ["một", "hai & ba"]
    press = {
        "id": "5", "from": written["from"], "chat_instance": "1", "data": "1|yes",
        "message": {**scene.phone.messages[0]},
    }  # fmt: skip
    scene.say(Reply((Shown(Screen("ba")),)))
    scene.world.updates.add("callback_query", press)
    await scene.phone.settled()
    assert scene.phone.message()["message_thread_id"] == 17
    await scene.reply(Shown(Screen("bốn")))
    assert "message_thread_id" not in scene.phone.message()


# --- while Telegram asks to wait ------------------------------------------------------


async def test_only_the_newest_of_several_waiting_edits_is_sent(scene):
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    number = str(scene.phone.message()["message_id"])
    scene.world.faults.add(
        Fault("editMessageText", code=429, description="Too Many Requests", retry_after=1)
    )
    for text in ("hai", "ba", "bốn"):
        screen = Screen(text, ONE.rows)
        await scene.reply_to_press("Có", Shown(screen, edit=number, purpose="question"), toast=text)
        assert scene.phone.toast == text
    assert scene.phone.screen == "một"
    await scene.until(lambda: scene.phone.screen != "một")
    assert scene.phone.screen == "bốn"
    assert scene.world.count("editMessageText", 429) == 1
    assert scene.world.count("editMessageText") == 1
    first, last = [c for c in scene.world.calls if c.method == "editMessageText"]
    assert last.at - first.at >= 1


async def test_a_waiting_edit_is_sent_without_buttons_when_another_screen_follows(scene):
    await scene.reply(Shown(ONE, purpose="question"))
    number = str(scene.phone.message()["message_id"])
    scene.world.faults.add(
        Fault("editMessageText", code=429, description="Too Many Requests", retry_after=1)
    )
    await scene.reply_to_press("Có", Shown(TWO, edit=number, purpose="question"))
    await scene.reply(Shown(Screen("ba", ONE.rows), remove_keyboard=number, purpose="question"))
    await scene.until(lambda: scene.phone.screens == ["hai & ba", "ba"])
    assert [len(m.get("reply_markup", {})) for m in scene.phone.messages] == [0, 1]
    assert scene.world.count("editMessageReplyMarkup") == 0


async def test_a_reply_waits_for_the_end_of_a_pause_of_all(scene):
    scene.world.faults.add(
        Fault("sendMessage", code=429, description="Too Many Requests", retry_after=1)
    )
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    assert scene.phone.screens == ["một"]
    assert scene.world.count("sendMessage", 429) == 1
    assert await scene.seen() == 1


async def test_a_reply_does_not_wait_for_a_pause_that_is_too_long(scene, log):
    scene.world.faults.add(
        Fault("sendMessage", code=429, description="Too Many Requests", retry_after=1000)
    )
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    await scene.reply(Shown(ONE, purpose="question", revision=2))
    assert scene.phone.screens == []
    assert scene.world.count("sendMessage", 429) == 1
    assert "reply not shown" in log.getvalue()


async def test_an_edit_that_would_wait_an_hour_is_sent_as_a_new_message(scene):
    await scene.reply(Shown(ONE, purpose="question", revision=1))
    number = str(scene.phone.message()["message_id"])
    scene.world.faults.add(
        Fault("editMessageText", code=429, description="Too Many Requests", retry_after=3600)
    )
    await scene.reply_to_press("Có", Shown(TWO, edit=number, purpose="question", revision=2))
    await scene.until(lambda: scene.phone.screens == ["một", "hai & ba"])


async def test_an_update_is_handled_while_a_press_is_still_being_answered(scene):
    await scene.reply(Shown(ONE))
    number = scene.phone.message()["message_id"]
    scene.world.faults.add(Fault("answerCallbackQuery", delay=0.5))
    scene.say(Reply((Shown(TWO, edit=str(number)),), person=scene.person()))
    scene.world.press(scene.phone.id, number, "1|yes")
    await scene.until(lambda: scene.phone.screens == ["hai & ba"])
    scene.say(Reply((Shown(ONE),), person=scene.person()))
    scene.world.send_text(scene.phone.id, "x")
    await scene.until(scene.all_decided)
    assert scene.world.count("answerCallbackQuery") == 0
    await scene.program.idle()
    assert scene.phone.screens == ["hai & ba", "một"]
    methods = [call.method for call in scene.world.calls if call.method != "getUpdates"]
    assert methods[-2:] == ["answerCallbackQuery", "sendMessage"]


async def test_setting_the_menu_does_not_delay_replies(scene, monkeypatch):
    monkeypatch.setattr(channel, "SECONDS_FOR_SIDE_CALLS", 0.05)
    scene.world.faults.add(Fault("setMyCommands", delay=5.0))
    await scene.reply(Shown(ONE), commands=(Command("baocao", "Báo cáo"),))
    await scene.reply(Shown(TWO))
    assert scene.phone.screens == ["một", "hai & ba"]
    assert scene.phone.commands == []
