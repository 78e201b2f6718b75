"""Joining by a typed short code instead of the link, for strangers and members."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from handlers.flow import code_rate_limit
from handlers.flow.code_rate_limit import CAREFUL, OF_ONE
from storage.people import invitations
from storage.people.short_codes import grouped
from storage.tables import difficulties
from tests.conftest import START

UNKNOWN = "7KQ4-M2X-9HB"


async def code_of(village, role="reporter", area="Khu 1", uses=9):
    """A short code in its printed form."""
    codes, now = village.deployment.program.deployment.short_codes, village.deployment.clock.now()

    def make(tx):
        made, _ = invitations.create_invitation(
            tx, role, now=now, expires_at=now + timedelta(days=30), uses=uses,
            commune_id=village.commune, unit_id=village.areas[area] if area else None,
        )  # fmt: skip
        return grouped(codes.give(tx, [made.id])[0])

    return await village.database.write(make)


@pytest.mark.parametrize(
    "typed",
    [str, str.lower, lambda code: code.replace("-", ""), lambda code: code.lower().replace("-", " "),
     lambda code: f"Mã mời: {code}", lambda code: f"/start {code}"],
)  # fmt: skip
async def test_a_stranger_can_type_a_code_and_join(village, typed):
    phone = village.phone("Hùng")
    await phone.send(typed(await code_of(village)))
    assert "Tham gia báo cáo: Khu 1, Xã Đồi Chè" in phone.screen
    assert "tên và tài khoản Telegram" in phone.screen
    await phone.press("✅ Đồng ý")
    assert "Đã tham gia: Khu 1" in phone.screen
    assert "📝 Báo cáo" in phone.buttons


async def test_a_member_can_type_a_code_at_an_open_question(village):
    phone = await village.joined("Hùng", area="Khu 1")
    await phone.press("📝 Báo cáo")
    assert "Câu 1/8" in phone.screen
    await phone.send(await code_of(village, area="Khu 2"))
    assert "Đã tham gia: Khu 2" in phone.screen
    assert await village.answers("Khu 1") == {}


async def test_a_code_expires_with_its_link(village):
    code = await code_of(village, uses=1)
    first, second = village.phone("Hùng"), village.phone("Lan")
    await first.send(code)
    await first.press("✅")
    await first.send(code)
    assert "từ trước rồi" in first.screen
    await second.send(code)
    assert "không dùng được nữa" in second.screen
    late = await code_of(village)
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(days=31))
    await second.send(late)
    assert "không dùng được nữa" in second.screen


async def test_a_person_who_guesses_codes_must_wait_and_nobody_else_is_refused(village):
    code = await code_of(village)
    hung, lan = village.phone("Hùng"), village.phone("Lan")
    for number in range(OF_ONE):
        await hung.send(f"7KQ4-M2X-9H{number}")
    assert "không dùng được nữa" in hung.screen
    await hung.send(code)
    assert "Xin đợi một giờ" in hung.screen
    await lan.send(code)
    assert "Tham gia báo cáo" in lan.screen


async def test_a_member_who_guesses_codes_is_slowed_down_too(village):
    code = await code_of(village, role="officer", area=None)
    phone = await village.joined("Hùng")
    await phone.send(UNKNOWN)
    assert "không dùng được nữa" in phone.screen
    for number in range(OF_ONE):
        await phone.send(f"7KQ4-M2X-9H{number}")
    await phone.send(code)
    assert "Xin đợi một giờ" in phone.screen
    village.deployment.clock.move_to(village.deployment.clock.now() + timedelta(hours=2))
    await phone.send(code)
    joined = "Đã tham gia: cán bộ Xã Đồi Chè"
    assert any(joined in one for one in phone.screens)  # a reminder may stand below it


async def test_a_text_that_only_looks_like_a_code_is_stored_as_the_difficulty(village):
    phone = await village.joined("Hùng")
    await phone.press("📝 Báo cáo")
    await phone.send("vướng mắc")
    await phone.send("2026QD1234")
    assert "không dùng được nữa" not in phone.screen
    kept = await village.database.read(lambda tx: tx.scalars(sa.select(difficulties.c.text)).all())
    assert kept == ["2026QD1234"]


async def test_a_thousand_wrong_codes_delay_every_answer_to_a_code(village, monkeypatch):
    monkeypatch.setattr(code_rate_limit, "DELAY_SECONDS", 0.01)
    counted = village.deployment.program.deployment.code_rate_limit
    for number in range(CAREFUL):
        counted.wrong(f"telegram:{number}", START)
    phone = await village.joined("Hùng")
    await phone.send(UNKNOWN)
    assert "không dùng được nữa" in phone.screen
    await phone.send(await code_of(village, area="Khu 2"))
    assert "Đã tham gia: Khu 2" in phone.screen


async def test_a_code_outlives_the_process(village):
    code = await code_of(village)
    async with village.deployment.outage():
        pass
    phone = village.phone("Hùng")
    await phone.send(code)
    assert "Tham gia báo cáo" in phone.screen


async def test_the_invitation_of_an_officer_has_a_code(village):
    officer = await village.joined("Mai", role="officer")
    await officer.press("⚙️ Quản lý")
    for text in ("thư mời", "thư mời mới", "khu 2", "làm thư mời"):
        await officer.send(text)
    letter = next(one for one in officer.screens if "mã mời: " in one)
    code = letter.split("mã mời: ")[1].split()[0]
    phone = village.phone("Hùng")
    await phone.send(code)
    assert "Tham gia báo cáo: Khu 2" in phone.screen
