"""One program with a Telegram bot and a Zalo bot: people of one commune see each other's work."""

import re
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.bots_file import BotEntry, save_bots
from bot.simulator.faults import Fault
from bot.simulator.zalo.server import serving
from bot.simulator.zalo.world import Variants
from bot.simulator.zalo.world import World as ZaloWorld
from criteria.answers import Ratio
from handlers.flow.channel import Screen
from storage.people import addresses, people
from storage.tables import inbox, outbox
from tests.conftest import START
from tests.handlers.conftest import Village, found_commune
from tests.outbox import enqueue
from tests.zalo_phone import ZaloPhone

BOT = "zalo-doi-che"


class Both(Village):
    """The village with a Zalo bot beside Telegram's."""

    zalo: ZaloWorld

    async def zalo_phone(self, name, role="reporter", area="Khu 1"):
        """A telephone with Zalo of somebody who has joined there."""
        phone = ZaloPhone(self.zalo, self.deployment.idle, name)
        await phone.send(f"/start {await self.code(role, area if role == 'reporter' else None)}")
        await phone.send("1")
        return phone

    async def person(self, phone, bot=BOT):
        found = await self.database.read(lambda tx: people.find_person(tx, bot, str(phone.id)))
        return found.id

    async def tell(self, person, text, kind="note"):
        """Put a message into the outbox and wait until it is dealt with."""
        now = self.deployment.clock.now()
        await self.database.write(lambda tx: enqueue(tx, person, kind, Screen(text).to_json(), now))
        self.deployment.program.sender.wake()
        await self.deployment.program.idle()

    async def states(self):
        rows = sa.select(outbox.c.state, outbox.c.reason).order_by(outbox.c.id)
        return [tuple(row) for row in await self.database.read(lambda tx: tx.execute(rows).all())]


@asynccontextmanager
async def both_running(deployment, variants=None, **plan):
    zalo = ZaloWorld(now=deployment.clock.now, variants=variants or Variants())
    async with serving(zalo) as address:
        deployment.settings = deployment.settings.model_copy(update={"zalo_api_url": address})
        entry = BotEntry(name=BOT, messenger="zalo", commune="doi-che", token=zalo.token, **plan)
        save_bots(deployment.settings.data_dir, [entry])
        async with deployment.running() as program:
            program.jobs.scheduler.pause()
            made = await program.database.write(lambda tx: found_commune(tx, START))
            village = Both(deployment, *made)
            village.zalo = zalo
            yield village


@pytest.fixture
async def both(deployment):
    async with both_running(deployment) as village:
        yield village


async def test_an_area_head_on_zalo_and_a_chair_on_telegram_see_each_others_work(both):
    chair = await both.joined("Sơn", "leader")
    head = await both.zalo_phone("Hùng")
    await head.send("báo cáo")
    assert "Câu 1/8" in head.screen
    await head.send("1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có, gửi luôn")
    await head.send("1")
    assert "Đã gửi báo cáo: Khu 1" in head.screen
    assert (await both.answers())["HT1"] == Ratio(350, 400)
    await chair.send("/tinhhinh")
    assert "1/3 khu" in chair.screen
    second = await both.zalo_phone("Lan", area="Khu 2")
    await chair.press("⏰ Nhắc")
    await both.deployment.program.idle()
    assert "Khu 2" in second.screen  # the reminder reaches her on Zalo
    assert "nhắn cả 8 câu trong một tin" in second.screen
    assert "Nhắc" not in head.screen
    assert len(head.messages) <= 6  # a round by one message costs a person a handful


async def test_messages_go_where_the_person_last_wrote_and_to_no_other_place(both):
    on_zalo = await both.zalo_phone("Hùng")
    on_telegram = both.phone("Hùng")
    person = await both.person(on_zalo)
    now = both.deployment.clock.now()
    await both.database.write(
        lambda tx: addresses.add(tx, person, "telegram", str(on_telegram.id), now)
    )
    both.deployment.world.start(on_telegram.id)
    await both.deployment.quiet()
    await both.tell(person, "một")
    assert on_telegram.screen == "một"
    await on_zalo.send("trợ giúp")
    before = len(on_telegram.messages)
    await both.tell(person, "hai")
    assert on_zalo.screen == "hai"
    assert len(on_telegram.messages) == before


async def test_who_blocked_one_messenger_is_reached_by_the_other(both):
    on_telegram = await both.joined("Hùng")
    on_zalo = ZaloPhone(both.zalo, both.deployment.idle, "Hùng")
    person = await both.person(on_telegram, "telegram")
    now = both.deployment.clock.now()
    await both.database.write(lambda tx: addresses.add(tx, person, BOT, on_zalo.id, now))
    on_zalo.telephone.started = on_zalo.telephone.blocked = True
    await both.tell(person, "một")
    await both.tell(person, "hai")
    assert on_telegram.screen == "hai"
    assert (await both.states())[-2:] == [("dropped", "unreachable"), ("sent", None)]


@pytest.mark.parametrize("code", [400, 401, 408, 429])
async def test_a_long_message_of_which_a_part_arrived_is_not_sent_again(both, code):
    head = await both.zalo_phone("Hùng")
    person, before = await both.person(head), len(head.messages)
    both.zalo.faults.add(Fault("sendMessage", skip=1, code=code))
    await both.tell(person, f"{'một ' * 400}\n{'hai ' * 400}")
    assert (await both.states())[-1] == ("uncertain", "partly_sent")
    assert len(head.messages) == before + 1


async def test_a_long_message_to_a_person_who_blocks_the_bot_marks_the_person(both):
    head = await both.zalo_phone("Hùng")
    person = await both.person(head)
    both.zalo.faults.add(Fault("sendMessage", skip=1, code=403))
    await both.tell(person, f"{'một ' * 400}\n{'hai ' * 400}")
    assert (await both.states())[-1] == ("dropped", "unreachable")


async def test_a_group_gets_one_sentence_and_what_cannot_be_read_a_helping_one(both):
    head = await both.zalo_phone("Hùng")
    await head.sticker()
    assert "Tin thoại, đoạn phim và hình dán" in head.screen
    await head.other()
    assert "Tin thoại, đoạn phim và hình dán" in head.screen
    group = both.zalo.add_group("Khu 1")
    both.zalo.send_in_group(head.id, group.id, "@bot báo cáo", to_bot=True)
    await head.settled()
    (said,) = [one.message["text"] for one in group.entries if not one.mine]
    assert "nhắn riêng" in said


async def test_an_event_that_comes_again_and_again_is_handled_once(deployment):
    async with both_running(deployment, Variants(again=True)) as both:
        head = await both.zalo_phone("Hùng")
        await head.send("báo cáo")
        await head.send("350/400")
        kept = await both.database.read(
            lambda tx: tx.execute(
                sa.select(inbox.c.bot, sa.func.count()).group_by(inbox.c.bot)
            ).all()
        )
        assert [tuple(row) for row in kept] == [(BOT, 4)]
        assert len(head.messages) == 4
        assert (await both.answers()) == {"HT1": Ratio(350, 400)}


async def test_near_the_end_of_the_plan_replies_go_out_and_the_rest_waits_and_is_told(deployment):
    async with both_running(deployment, messages_a_month=20) as both:
        officer = await both.joined("Mai", "officer")
        head = await both.zalo_phone("Hùng")  # two messages
        person = await both.person(head)
        while (await both.deployment.program.parts[BOT].quota.used())[0] < 18:
            await head.send("trợ giúp")
        await both.tell(person, "Mời họp ạ", "announcement-like")
        assert (await both.states())[-1] == ("waiting", "quota")
        await head.send("báo cáo")
        assert "Câu 1/8" in head.screen  # whoever writes gets an answer
        await both.deployment.program.jobs.tick()
        await both.deployment.program.idle()
        await both.deployment.program.jobs.tick()
        await both.deployment.program.idle()
        (told,) = [one for one in officer.screens if "/20 tin" in one]
        assert "Chưa nhận được tin: Hùng." in told
        both.deployment.clock.move_to(both.deployment.clock.now() + timedelta(days=40))
        clock = both.deployment.clock

        def said():  # just after a reply a chat waits a second
            clock.move_to(clock.now() + timedelta(seconds=3))
            return "Mời họp ạ" in head.screens

        await both.deployment.until(said)  # another month, another plan


async def test_a_choice_has_its_number_only_where_a_number_is_no_answer(both):
    head = await both.zalo_phone("Hùng")
    await head.send("báo cáo")
    assert "• ⏭ Để sau" in head.screen  # a number is the answer here
    await head.send("để sau")
    await head.send("để sau")
    assert re.search(r"1\. ✅ Có  2\. ▫️ Chưa có", head.screen)
    await head.send("3")
    assert "Như kỳ trước" not in head.screen  # the third choice was taken


async def test_where_there_are_no_buttons_no_text_speaks_of_any(both):
    head, other = await both.zalo_phone("Hùng"), await both.joined("Lan", area="Khu 2")
    await head.send("trợ giúp")
    assert "Hoặc nhắn “báo cáo”, máy hỏi từng câu." in head.screen
    await other.send("trợ giúp")
    assert "Bấm “📝 Báo cáo”" in other.screen
    stranger = ZaloPhone(both.zalo, both.deployment.idle, "Tám")
    await stranger.send("chào")
    assert "xin nhắn vào đây mã mời" in stranger.screen
    assert not re.search("bấm|nút", "\n".join(head.screens + stranger.screens), re.IGNORECASE)


async def test_where_the_plan_has_no_room_the_person_and_the_officer_are_told(deployment):
    async with both_running(deployment, people=2) as both:
        officer = await both.joined("Mai", "officer")
        head, second = await both.zalo_phone("Hùng"), await both.zalo_phone("Lan", area="Khu 2")
        third = ZaloPhone(both.zalo, both.deployment.idle, "Tám")
        code = await both.code("reporter", "Khu 3")
        for _ in range(2):
            await third.send(f"/start {code}")
        assert third.screen == (
            "Zalo của xã đã đủ người mất rồi ạ; xin vào bằng Telegram với chính mã mời này,"
            " hoặc nhờ cán bộ xã ghi báo cáo giúp, xã vừa được báo."
        )
        assert await both.database.read(lambda tx: addresses.people_at(tx, BOT)) == 2
        await both.deployment.program.idle()
        (told,) = [one for one in officer.screens if "đã đủ 2 người" in one]
        assert "Khu 3" in told
        await head.send("báo cáo")
        assert "Câu 1/8" in head.screen
        await second.send(f"/start {code}")  # who is there already takes a further area
        assert "Khu 3" in second.screen
        on_telegram = both.phone("Tám")
        await on_telegram.send(f"/start {code}")
        assert "Đồng ý" in " ".join(on_telegram.buttons)


async def test_who_joins_zalo_to_telegram_is_told_when_the_plan_has_no_room(deployment):
    async with both_running(deployment, people=1) as both:
        officer = await both.joined("Mai", "officer")
        await both.zalo_phone("Hùng")
        lan = await both.joined("Lan", area="Khu 2")
        await lan.send("/lienket")
        code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{3}-[A-Z0-9]{3}", " ".join(lan.screens))[0]
        on_zalo = ZaloPhone(both.zalo, both.deployment.idle, "Lan")
        await on_zalo.send(code)
        assert "xin cứ báo cáo bằng Telegram như trước" in on_zalo.screen
        await both.deployment.program.idle()
        assert "đã đủ 1 người" in officer.screen
        assert "Lan" in officer.screen


async def test_a_returned_report_that_is_open_again_is_not_called_sent(both):
    officer, head = await both.joined("Mai", "officer"), await both.zalo_phone("Hùng")
    await head.send("1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có, gửi luôn")
    await head.send("1")
    assert head.screen.startswith("✅ Đã gửi báo cáo: Khu 1")
    await officer.send("/start")
    await officer.press("🗂 Duyệt")
    await officer.press("Khu 1")
    await officer.press("↩️ Trả lại")
    await officer.send("5")
    await officer.send("nhờ đếm lại")
    await officer.press("✅ Đúng")
    await both.deployment.program.idle()
    await head.send("báo cáo")
    await head.send("260/300")
    assert "Đã gửi" not in head.screen
    assert "Xem lại rồi gửi" in head.screen
    await head.send("gửi")
    assert "Lần 2" in head.screen


async def returned(both, question):
    """The telephone of an area head on Zalo whose report was returned for this question."""
    officer, head = await both.joined("Mai", "officer"), await both.zalo_phone("Hùng")
    await head.send("1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có, gửi luôn")
    await head.send("1")
    await officer.send("/start")
    await officer.press("🗂 Duyệt")
    await officer.press("Khu 1")
    await officer.press("↩️ Trả lại")
    await officer.send(question)
    await officer.send("xin xem lại ạ")
    await officer.press("✅ Đúng")
    await both.deployment.program.idle()
    return head


async def test_what_a_return_offers_in_words_can_be_typed(both):
    head = await returned(both, "3")
    assert "• 📝 Trả lời câu 3" in head.screen
    await head.send("trả lời câu 3")
    assert head.screen.startswith("Câu 3/8.")


async def test_a_number_below_the_summary_is_its_choice_and_answers_no_return(both):
    head = await returned(both, "3")
    await head.send("trả lời câu 3")
    await head.send("xong")
    assert "Xem lại rồi gửi" in head.screen
    assert "✏️ 1  ✏️ 2  ✏️ 3  ✏️ 4" in head.screen
    await head.send("1")
    assert head.screen.startswith("Câu 1/8.")
