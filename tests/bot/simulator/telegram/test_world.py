"""The actions of people in the simulated world, and the limit of its memory."""

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.simulator.formatting import parse_html, utf16_length
from bot.simulator.refusal import Impossible
from bot.simulator.server import serving
from bot.simulator.telegram.world import World


@pytest.mark.parametrize("kind", ["document", "voice", "sticker", "video"])
async def test_the_client_knows_every_kind_of_file(bot, world, lan, kind):
    world.send_file(lan.id, kind, b"content", name="a.pdf", media_type="application/pdf")
    (update,) = await bot.get_updates()
    assert getattr(update.message, kind).file_size == 7


def test_what_a_telephone_refuses(world, lan):
    for attempt in (
        lambda: world.send_text(lan.id, "  "),
        lambda: world.send_text(1, "x"),
        lambda: world.press(lan.id, 77, "a"),
        lambda: world.edit_text(lan.id, 77, "x"),
        lambda: world.edit_unchanged(lan.id, 77),
        lambda: world.send_file(lan.id, "planet", b"x"),
    ):
        with pytest.raises(Impossible):
            attempt()
    world.block(lan.id, True)
    with pytest.raises(Impossible, match="blocked"):
        world.send_text(lan.id, "x")


def test_a_reply_has_the_message_it_answers_and_no_earlier_one(world, lan):
    first = world.send_text(lan.id, "một")[0]
    second = world.send_text(lan.id, "hai", reply_to=first["message_id"])[0]
    third = world.send_text(lan.id, "ba", reply_to=second["message_id"])[0]
    assert third["reply_to_message"]["text"] == "hai"
    assert "reply_to_message" not in third["reply_to_message"]


def test_old_messages_and_events_are_forgotten():
    world = World(keep_messages=10, keep_events=20)
    phone = world.add_phone("Lan")
    for number in range(100):
        world.send_text(phone.id, str(number))
    assert [entry.message["text"] for entry in phone.newest()][:2] == ["99", "98"]
    assert len(phone.entries) == 10
    assert len(world.journal.after(0)) == 20


def test_blocking_before_the_start_sends_no_update(world):
    phone = world.add_phone("Minh")
    world.block(phone.id, True)
    assert world.updates.pending() == 0


async def test_an_error_inside_serving_is_raised_unchanged(world):
    with pytest.raises(LookupError, match="mine"):
        async with serving(world):
            raise LookupError("mine")


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=40))
def test_escaped_text_is_parsed_back(text):
    assert parse_html(html.escape(text)) == (text, [])
    plain, (entity,) = parse_html(f"<b>{html.escape(text)}.</b>")
    assert plain == f"{text}."
    assert entity == {"offset": 0, "length": utf16_length(text) + 1, "type": "bold"}
