"""What a bot may write, to whom, and how much."""

import pytest

from bot.simulator.zalo.world import BotPlan
from tests.bot.simulator.zalo.conftest import PNG, written_to


async def test_a_message_gets_an_id_and_a_date(api, world, lan):
    result = await api.result("sendMessage", chat_id=lan.id, text="Chào Lan")
    assert result == {"message_id": result["message_id"], "date": world.stamp()}
    entry = lan.entries[-1]
    assert (entry.message["text"], entry.mine) == ("Chào Lan", False)


@pytest.mark.parametrize("longest", ["ơ" * 2000, "🏘" * 1000])
async def test_a_text_has_1_to_2000_characters(api, lan, longest):
    await api.result("sendMessage", chat_id=lan.id, text=longest)
    for text in (longest + "x", "", " \n"):
        assert (await api.refusal("sendMessage", chat_id=lan.id, text=text))[0] == 400


async def test_html_is_parsed_where_it_is_requested(api, lan):
    bold = "<b>Câu 1</b> &lt; 8"
    await api.result("sendMessage", chat_id=lan.id, text=bold, parse_mode="html")
    await api.result("sendMessage", chat_id=lan.id, text=bold)
    await api.result("sendMessage", chat_id=lan.id, text="**Câu 1**", parse_mode="markdown")
    texts = [entry.message["text"] for entry in lan.entries][1:]
    assert texts == ["Câu 1 < 8", bold, "**Câu 1**"]


@pytest.mark.parametrize(
    "given",
    [
        {"text": "<b>x", "parse_mode": "html"},
        {"text": "<table>x</table>", "parse_mode": "html"},
        {"text": "<code>x</code>", "parse_mode": "html"},
        {"text": "x", "parse_mode": "HTML"},
        {"text": "x", "parse_mode": "html", "text_styles": []},
        {"text": "x", "text_styles": "bold"},
    ],
)
async def test_invalid_markup_is_refused(api, lan, given):
    assert (await api.refusal("sendMessage", chat_id=lan.id, **given))[0] == 400


async def test_styles_stand_beside_a_plain_text(api, lan):
    styles = [{"start": 0, "len": 3, "st": "b"}]
    await api.result("sendMessage", chat_id=lan.id, text="Câu 1", text_styles=styles)


async def test_a_person_who_never_wrote_gets_no_messages(api, world):
    stranger = world.add_phone("Minh")
    for chat_id in (stranger.id, "0912345678"):
        assert (await api.refusal("sendMessage", chat_id=chat_id, text="x"))[0] == 400


async def test_a_person_who_wrote_once_can_get_messages_at_any_time(api, lan, time):
    time.pass_by(days=300)
    await api.result("sendMessage", chat_id=lan.id, text="x")


async def test_a_person_who_blocked_the_bot_is_403(api, world, lan):
    world.block(lan.id)
    assert (await api.refusal("sendMessage", chat_id=lan.id, text="x"))[0] == 403


async def test_a_message_sent_twice_arrives_twice(api, lan):
    first = await api.result("sendMessage", chat_id=lan.id, text="x")
    second = await api.result("sendMessage", chat_id=lan.id, text="x")
    assert first["message_id"] != second["message_id"]
    assert len(lan.entries) == 3


async def test_a_picture_is_fetched_from_its_address(api, lan, office):
    photo = f"{office.address}/pictures/a.png"
    result = await api.result("sendPhoto", chat_id=lan.id, photo=photo, caption="Bảng")
    assert office.reads == ["a.png"]
    assert result.keys() == {"message_id", "date"}
    assert lan.entries[-1].content == PNG
    assert lan.entries[-1].message["caption"] == "Bảng"


@pytest.mark.parametrize("path", ["pictures/none.png", "pictures/a.txt", "elsewhere"])
async def test_an_address_without_a_picture_is_refused(api, lan, office, path):
    code, _ = await api.refusal("sendPhoto", chat_id=lan.id, photo=f"{office.address}/{path}")
    assert code == 400
    assert len(lan.entries) == 1


@pytest.mark.parametrize(
    "photo",
    ["http://192.168.1.4/a.png", "https://10.1.2.3/a.png", "http://nas/a.png", "iVBORw0KGgo=",
     "data:image/png;base64,iVBORw0KGgo=", "file:///etc/passwd", "/tmp/a.png"],
)  # fmt: skip
async def test_a_picture_must_be_a_public_web_address(api, lan, photo):
    assert (await api.refusal("sendPhoto", chat_id=lan.id, photo=photo))[0] == 400


async def test_a_picture_on_this_machine_needs_the_switch(new_world, calling, office):
    world = new_world(loopback=False)
    phone = written_to(world, "Lan")
    async with calling(world) as api:
        photo = f"{office.address}/pictures/a.png"
        assert (await api.refusal("sendPhoto", chat_id=phone.id, photo=photo))[0] == 400
    assert office.reads == []


async def test_a_caption_has_2000_characters_at_most(api, lan, office):
    photo = f"{office.address}/pictures/a.png"
    await api.result("sendPhoto", chat_id=lan.id, photo=photo, caption="x" * 2000)
    for caption in ("x" * 2001, ""):
        code, _ = await api.refusal("sendPhoto", chat_id=lan.id, photo=photo, caption=caption)
        assert code == 400


async def test_a_voice_message_must_be_the_address_of_an_aac_file(api, lan):
    voice = "https://xa.example.vn/nhac.aac"
    await api.result("sendVoice", chat_id=lan.id, voice_url=voice)
    for wrong in ("https://xa.example.vn/nhac.mp3", "https://10.0.0.1/nhac.aac"):
        assert (await api.refusal("sendVoice", chat_id=lan.id, voice_url=wrong))[0] == 400


async def test_a_sticker_and_the_typing_sign(api, lan):
    await api.result("sendSticker", chat_id=lan.id, sticker="0e078a2fb66a5f34067b")
    assert lan.entries[-1].message["sticker"] == "0e078a2fb66a5f34067b"
    assert await api("sendChatAction", chat_id=lan.id, action="typing") == {"ok": True}
    assert lan.typing == 1
    assert (await api.refusal("sendChatAction", chat_id=lan.id, action="dancing"))[0] == 400


async def test_a_group_can_get_messages(api, world):
    group = world.add_group("Tổ công nghệ số")
    await api.result("sendMessage", chat_id=group.id, text="Mời nhắn riêng ạ")
    assert group.entries[-1].message["text"] == "Mời nhắn riêng ạ"


# --- the plan ---------------------------------------------------------------------------------


async def test_the_free_plan_has_50_people_3_groups_and_3000_messages_a_month(world):
    assert (world.plan.people, world.plan.groups, world.plan.messages_a_month) == (50, 3, 3000)


async def test_more_messages_than_a_month_allows_are_429_without_retry_after(
    new_world, calling, office, time
):
    world = new_world(plan=BotPlan(messages_a_month=2))
    phone = written_to(world, "Lan")
    async with calling(world) as api:
        await api.result("sendMessage", chat_id=phone.id, text="một")
        photo = f"{office.address}/pictures/a.png"
        await api.result("sendPhoto", chat_id=phone.id, photo=photo)
        refusal = await api.refusal("sendMessage", chat_id=phone.id, text="ba")
        assert refusal == (429, "Quota exceeded")
        time.now = time.now.replace(day=31, hour=16, minute=59)  # 23:59 in Vietnam
        assert (await api.refusal("sendMessage", chat_id=phone.id, text="ba"))[0] == 429
        time.pass_by(minutes=1)
        await api.result("sendMessage", chat_id=phone.id, text="ba")


async def test_people_beyond_the_plan_can_write_but_get_no_messages(new_world, calling):
    world = new_world(plan=BotPlan(people=2))
    phones = [written_to(world, name) for name in ("Lan", "Minh")]
    third = world.add_phone("Tuấn")
    async with calling(world) as api:
        world.send_text(third.id, "xin chào")
        update = await api.result("getUpdates", timeout=0)
        assert update["message"]["from"]["display_name"] == "Tuấn"
        for phone in phones:
            await api.result("sendMessage", chat_id=phone.id, text="x")
        assert (await api.refusal("sendMessage", chat_id=third.id, text="x"))[0] == 429


def test_the_bot_cannot_join_a_fourth_group(world):
    for number in range(3):
        world.add_group(f"Nhóm {number}")
    with pytest.raises(ValueError, match="groups"):
        world.add_group("Nhóm 4")
