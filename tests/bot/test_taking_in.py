"""The way of an update: stored, in order, once, whatever fails on the way."""

import asyncio
import threading
from datetime import timedelta

import httpx
import pytest
from sqlalchemy import select

from bot.intake import dispatcher
from bot.intake.conversation import ConversationRunner
from bot.simulator.faults import Fault
from bot.telegram import channel, polling
from handlers.conversation import dispatch
from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.texts import texts_of
from storage.messages import inbox
from storage.people import people
from storage.tables import inbox as inbox_table


class Listener:
    """A replacement for the conversation: records each text and repeats it."""

    def __init__(self):
        self.heard = []
        self.poison = {}
        self.gates = {}

    def handle(self, tx, incoming, now, deployment):
        if dispatch.begin(tx, incoming) is None:
            return Reply()
        said = incoming.text or incoming.data or incoming.kind
        if said in self.gates:
            self.gates[said].wait(5)
        if self.poison.get(said, 0) > 0:
            self.poison[said] -= 1
            raise ValueError(f"this says {said}")
        self.heard.append((incoming.sender.address, said))
        screen = Screen(f"heard {said}", ((Button("again", "again"),),))
        edit = incoming.message if incoming.kind == "press" else None
        return Reply((Shown(screen, edit=edit),), toast="ok" if incoming.kind == "press" else None)

    def present(self, tx, person, now, deployment):
        return Reply()

    def said_by(self, phone):
        return [said for address, said in self.heard if address == str(phone.id)]

    @property
    def conversation(self):
        return ConversationRunner(self.handle, self.present)


@pytest.fixture
def listener():
    return Listener()


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch):
    monkeypatch.setattr(dispatcher, "PAUSES", (0.01, 0.01))
    monkeypatch.setattr(polling, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(channel, "PAUSES", (0.01,) * 7)


def texts(phone):
    return [entry.message.get("text") for entry in phone.entries.values()]


def answers(phone):
    return [e.message["text"] for e in phone.entries.values() if not e.mine]


async def rows(program):
    return await program.database.read(lambda tx: tx.execute(select(inbox_table)).all())


async def test_a_message_is_answered_and_its_text_is_deleted(deployment, world, listener):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation) as program:
        world.start(phone.id)
        await deployment.quiet()
        assert texts(phone) == ["/start", "heard /start"]
        (row,) = await rows(program)
        assert (row.state, row.payload, row.chat) == ("done", None, "")


async def test_a_press_is_answered_in_place_with_two_calls(deployment, world, listener):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation):
        world.start(phone.id)
        await deployment.quiet()
        before = len(world.calls)
        world.press(phone.id, phone.newest()[0].number, "again")
        await deployment.quiet()
        assert texts(phone) == ["/start", "heard again"]
        calls = [c.method for c in list(world.calls)[before:] if c.method != "getUpdates"]
        assert sorted(calls) == ["answerCallbackQuery", "editMessageText"]


async def test_all_updates_of_a_chat_are_handled_in_order(deployment, world, listener):
    phones = [world.add_phone(f"P{n}") for n in range(5)]
    said = [f"m{n}" for n in range(40)]
    async with deployment.running(conversation=listener.conversation):
        for text in said:
            for phone in phones:
                world.send_text(phone.id, text)
        await deployment.quiet()
    for phone in phones:
        assert listener.said_by(phone) == said


async def test_a_slow_network_of_one_chat_does_not_delay_another(deployment, world, listener):
    noisy, other = world.add_phone("Noisy"), world.add_phone("Other")
    world.faults.add(Fault("sendMessage", times=1, delay=2.0))
    async with deployment.running(conversation=listener.conversation) as program:
        for n in range(200):
            world.send_text(noisy.id, f"m{n}")
        await deployment.until(lambda: listener.heard)
        world.send_text(other.id, "hello")
        async with asyncio.timeout(1):
            await deployment.until(lambda: answers(other))
        assert answers(noisy) == []
        held = program.dispatcher._chats["telegram", str(noisy.id)].queue
        assert len(held) <= inbox.UPDATES_PER_CHAT
        await deployment.quiet()
    assert listener.said_by(noisy) == [f"m{n}" for n in range(200)]


async def test_an_update_that_comes_while_the_inbox_is_read_is_handled(
    deployment, world, listener, monkeypatch
):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation) as program:
        locks, late = program.dispatcher._locks, []
        more = locks.more

        async def read_then_comes_another(chat):
            page = await more(chat)
            if not late:
                late.append(world.send_text(phone.id, "late"))
                while len(await rows(program)) < 13:  # noqa: ASYNC110 - stored, and offered before
                    await asyncio.sleep(0)
            return page

        monkeypatch.setattr(locks, "more", read_then_comes_another)
        for n in range(12):  # more than the memory holds
            world.send_text(phone.id, f"m{n}")
        await deployment.until(lambda: "late" in listener.said_by(phone))
    assert listener.said_by(phone) == [*(f"m{n}" for n in range(12)), "late"]


async def test_a_thousand_messages_are_read_and_get_one_sentence_and_one_reply(
    deployment, world, listener
):
    noisy, other = world.add_phone("Noisy"), world.add_phone("Other")
    async with deployment.running(conversation=listener.conversation) as program:
        for n in range(1000):
            world.send_text(noisy.id, f"m{n}")
        await deployment.until(lambda: listener.heard)
        world.send_text(other.id, "hello")
        held = []

        def answered():
            chat = program.dispatcher._chats.get(str(noisy.id))
            held.append(len(chat.queue) if chat else 0)
            return answers(other)

        await deployment.until(answered)
        assert len(listener.heard) < 1001  # it did not wait for all of them
        await deployment.quiet()
        assert max(held) <= inbox.UPDATES_PER_CHAT
        world.send_text(noisy.id, "m1000")
        await deployment.quiet()
    assert listener.said_by(noisy) == [f"m{n}" for n in range(1001)]
    assert answers(noisy) == [texts_of("vi").say("waiting.many"), "heard m999", "heard m1000"]


async def test_a_thousand_messages_that_fail_get_one_apology(deployment, world, listener):
    noisy = world.add_phone("Noisy")
    listener.poison = {f"m{n}": 99 for n in range(30)}
    async with deployment.running(conversation=listener.conversation):
        for n in range(30):
            world.send_text(noisy.id, f"m{n}")
        world.send_text(noisy.id, "b")
        await deployment.quiet()
    assert answers(noisy)[-1] == "heard b"
    assert len(answers(noisy)) == 3


async def test_ten_files_at_once_are_not_a_flood(deployment, world, listener):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation):
        for n in range(10):
            world.send_file(phone.id, "document", b"%d" % n, name=f"{n}.pdf")
        await deployment.quiet()
    assert answers(phone) == ["heard attachment"] * 10


async def test_an_update_delivered_twice_is_handled_once(deployment, world, listener):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation):
        world.updates.double(3)
        for text in ("a", "b", "c"):
            world.send_text(phone.id, text)
        await deployment.quiet()
        world.updates.repeat(3)
        await deployment.quiet()
    assert listener.said_by(phone) == ["a", "b", "c"]


async def test_a_poll_with_a_lost_answer_loses_and_duplicates_nothing(deployment, world, listener):
    phone = world.add_phone("Lan")
    world.faults.add(Fault("getUpdates", times=2, lost=True, code=502))
    async with deployment.running(conversation=listener.conversation):
        world.send_text(phone.id, "a")
        world.send_text(phone.id, "b")
        await deployment.quiet()
    assert listener.said_by(phone) == ["a", "b"]


async def test_a_temporary_failure_is_not_visible_to_the_person(deployment, world, listener):
    phone = world.add_phone("Lan")
    listener.poison["a"] = 2
    async with deployment.running(conversation=listener.conversation):
        for text in ("a", "b"):
            world.send_text(phone.id, text)
        await deployment.quiet()
    assert answers(phone) == ["heard a", "heard b"]


async def test_an_update_that_keeps_failing_is_set_aside_with_a_sentence(
    deployment, world, listener, log
):
    phone = world.add_phone("Lan")
    listener.poison["340/400"] = 99
    async with deployment.running(conversation=listener.conversation) as program:
        for text in ("340/400", "b"):
            world.send_text(phone.id, text)
        await deployment.quiet()
        states = [row.state for row in await rows(program)]
        assert await program.database.read(inbox.failed_count) == 1
    sentence, after = answers(phone)
    assert after == "heard b"
    assert states == ["failed", "done"]
    number = "".join(c for c in sentence if c.isdigit())
    assert len(number) == 5
    assert number in log.getvalue()
    assert "340/400" not in log.getvalue()


async def test_an_unreadable_update_is_set_aside(deployment, world, listener):
    phone = world.add_phone("Lan")
    async with deployment.running(conversation=listener.conversation) as program:
        world.updates.add("message", {"chat": {"id": phone.id, "type": "private"}, "odd": True})
        world.send_text(phone.id, "b")
        await deployment.quiet()
        assert [row.state for row in await rows(program)] == ["failed", "done"]
    assert listener.said_by(phone) == ["b"]


async def test_operators_are_told_once_a_day_of_updates_that_were_set_aside(
    deployment, world, listener, clock
):
    operator, lan = world.add_phone("Tuấn"), world.add_phone("Lan")
    operator.started = True
    deployment.settings = deployment.settings.model_copy(
        update={"operator_ids": frozenset({str(operator.id)})}
    )

    def join(tx):
        people.add_person(
            tx, bot="telegram", address=str(operator.id), name="Tuấn", handle=None,
            language="vi", consent_version="1", now=clock.now(),
        )  # fmt: skip

    async def fail():
        world.updates.add("message", {"chat": {"id": lan.id, "type": "private"}, "odd": True})
        await deployment.quiet()

    async def move(**how):
        clock.move_to(clock.now() + timedelta(**how))
        await deployment.quiet()

    def told():
        return [text[:19] for text in answers(operator)]

    async with deployment.running(conversation=listener.conversation) as program:
        await program.database.write(join)
        await fail()
        await fail()  # together with the first
        assert told() == []
        await move(minutes=2)
        assert told() == ["Có 2 tin nhắn không"]
        await move(hours=3)
        await fail()
        await fail()
        await move(hours=9)  # 21:02
        assert len(told()) == 1
        await move(hours=10)  # 7:02 the next day
        assert told() == ["Có 2 tin nhắn không", "Có 4 tin nhắn không"]
        await move(days=1)
        assert len(told()) == 2  # nothing new, no message
        await fail()
        await move(hours=14)  # 21:02: not at night
        assert len(told()) == 2
        await fail()
        await move(hours=9)
        assert len(told()) == 2
        await move(hours=1)
        assert told()[2:] == ["Có 6 tin nhắn không"]
    assert answers(lan) == []


async def test_messages_in_groups_are_ignored_and_not_stored(deployment, world, listener):
    group = {"id": -7, "type": "group", "title": "Tổ"}
    lan = {"id": 7, "is_bot": False, "first_name": "Lan"}
    message = {"message_id": 1, "date": 1, "chat": group, "from": lan, "text": "xin chào"}
    async with deployment.running(conversation=listener.conversation) as program:
        world.updates.add("message", message)
        await deployment.quiet()
        (row,) = await rows(program)
    assert (row.state, row.payload) == ("done", None)
    assert listener.heard == []
    assert world.count("sendMessage") == 0


async def test_updates_left_when_the_bot_stopped_are_handled_at_the_next_start(
    deployment, world, listener
):
    phone = world.add_phone("Lan")
    gate = listener.gates["m0"] = threading.Event()
    async with deployment.running(conversation=listener.conversation):
        for n in range(20):
            world.send_text(phone.id, f"m{n}")
        await deployment.until(lambda: not world.updates.pending())
        gate.set()
    done_before = len(listener.heard)
    assert done_before < 20
    async with deployment.running(conversation=listener.conversation):
        await deployment.quiet()
    assert listener.said_by(phone) == [f"m{n}" for n in range(20)]
    assert len(answers(phone)) == 20


async def test_a_question_whose_delivery_is_uncertain_is_shown_again(deployment, world, listener):
    phone = world.add_phone("Lan")
    world.faults.add(Fault("sendMessage", lost=True, error=read_error))
    async with deployment.running(conversation=listener.conversation):
        world.send_text(phone.id, "a")
        await deployment.quiet()
    assert answers(phone) == ["heard a", "heard a"]


async def test_a_reply_waits_as_long_as_telegram_wants(deployment, world, listener):
    phone = world.add_phone("Lan")
    world.faults.add(Fault("sendMessage", code=429, description="Too Many", retry_after=1))
    async with deployment.running(conversation=listener.conversation):
        world.send_text(phone.id, "a")
        await deployment.quiet()
    assert answers(phone) == ["heard a"]


async def test_polls_that_are_refused_for_an_hour_are_tried_again_earlier(
    deployment, world, listener, monkeypatch, log
):
    monkeypatch.setattr(polling, "LONG", 0.05)
    phone = world.add_phone("Lan")
    world.faults.add(Fault("getUpdates", code=429, description="Too Many", retry_after=3600))
    async with deployment.running(conversation=listener.conversation):
        world.send_text(phone.id, "a")
        await deployment.quiet()
    assert answers(phone) == ["heard a"]
    assert "polls must pause" in log.getvalue()


async def test_a_reply_is_repeated_after_an_error_of_telegram(deployment, world, listener):
    phone = world.add_phone("Lan")
    world.faults.add(Fault("sendMessage", code=502, description="Bad Gateway"))
    async with deployment.running(conversation=listener.conversation):
        world.send_text(phone.id, "a")
        await deployment.quiet()
    assert answers(phone) == ["heard a"]


def read_error():
    return httpx.ReadError("cut")


async def test_a_webhook_left_by_another_setup_is_deleted(deployment, world, listener):
    world.webhook.url = "https://elsewhere.example/hook"
    async with deployment.running(conversation=listener.conversation):
        await deployment.until(lambda: world.count("deleteWebhook"))
        phone = world.add_phone("Lan")
        world.send_text(phone.id, "có")
        await deployment.until(lambda: answers(phone))
