"""A whole province on one telephone: 148 communes, 3,321 areas, and no screen is too long."""

from dataclasses import dataclass
from datetime import timedelta

import pytest

from criteria.schedule import Every, Schedule
from handlers.flow.press import pack
from handlers.roster.applying import apply
from handlers.roster.plan import RosterPlan
from storage.difficulties import difficulties
from storage.people import invitations
from storage.people.short_codes import ShortCodes
from storage.places import places
from storage.rounds import rounds, schedules
from tests.handlers.operator.province import AREAS, GROUPS, NAMES, write_roster
from tests.handlers.roster.importing import plan_import
from tests.phone import Phone, captions, text_of

SHORT_CODES = ShortCodes(b"a key")

TUAN, LONGEST, MOST = 777, 4096, 8


@dataclass
class Province:
    deployment: object
    operator: Phone  # of the whole installation
    upland: Phone  # of one group

    async def read(self, work):
        return await self.deployment.program.database.read(work)

    async def open_rounds(self):
        """The names of the communes with an open round."""
        now = self.deployment.clock.now()

        def look(tx):
            return {one.name for one in places.communes(tx) if rounds.open_rounds(tx, one.id, now)}

        return await self.read(look)


@pytest.fixture
async def province(deployment, tmp_path):
    """The imported roster, one operator of all communes, and one of a group."""
    path = tmp_path / "province.xlsx"
    write_roster(path)
    deployment.settings = deployment.settings.model_copy(
        update={"operator_ids": frozenset({str(TUAN)})}
    )
    now = deployment.clock.now()

    def work(tx):
        plan = plan_import(path, tx, now)
        assert isinstance(plan, RosterPlan)
        assert (len(plan.new_communes), len(plan.new_areas)) == (len(NAMES), AREAS)
        apply(tx, plan, now, SHORT_CODES)
        return invitations.create_invitation(
            tx, "operator", now=now, expires_at=now + timedelta(days=9), group_name=GROUPS[2]
        )[1]

    async with deployment.running() as program:
        code = await program.database.write(work)
        operator, upland = deployment.phone("Tuấn", user_id=TUAN), deployment.phone("Đức")
        await operator.send("/start")
        await upland.send(f"/start {code}")
        for phone in (operator, upland):
            await phone.press("✅ Đồng ý")
        yield Province(deployment, operator, upland)
        for message in (*operator.messages, *upland.messages):
            assert len(text_of(message)) <= LONGEST
            assert len(captions(message)) <= MOST


async def test_a_round_is_opened_for_all_communes_and_each_is_one_press_away(province):
    phone = province.operator
    await phone.send("/dieuhanh")
    assert phone.screen.startswith("⚙️ Điều hành 148 xã")
    assert "148 xã chưa có cán bộ nào tham gia" in phone.screen
    for caption in ("📅 Mở kỳ", "Tháng 3/2026", "📅 9/3", "✅ Mở cho 148 xã"):
        await phone.press(caption)
    assert await province.open_rounds() == set(NAMES)
    await phone.press("🗺")
    assert "Trang 1/30. Nhắn tên một xã" in phone.screen
    await phone.press("Xã Bến Bình")
    assert phone.screen.startswith("Xã Bến Bình · Tháng 3/2026")
    await phone.press("🗺 Các xã")
    await phone.press("Trang sau ▶")
    # In Vietnamese order: letters without marks first.
    assert phone.buttons[:3] == ["Xã Bến Lạc", "Xã Bến Lim", "Xã Bến Mít"]


async def test_a_commune_can_be_found_by_typing_its_name(province):
    phone = province.operator
    await phone.send("/dieuhanh")
    await phone.press("🗺")
    await phone.send("đá lim")
    assert phone.screen.startswith("Xã Đá Lim chưa có kỳ báo cáo nào")
    await phone.press("✉️ Mời cán bộ xã")
    assert "Làm thư mời cán bộ Xã Đá Lim" in phone.screen
    await phone.send("/tinhhinh Đồng")
    assert phone.screen.startswith("📊 Có 13 xã giống tên ấy")
    assert len([one for one in phone.buttons if one.startswith("Xã Đồng")]) == 5
    await phone.send("đồng hoà")
    assert phone.screen.startswith("Xã Đồng Hoà chưa có kỳ")
    await phone.press("🗺 Các xã")
    await phone.send("không có xã này")
    assert "chưa hiểu" in phone.screen.lower()


async def test_communes_with_missing_reports_come_first(province):
    now, text = province.deployment.clock.now(), province.deployment.program.deployment.sets[0].text

    def some_open(tx):
        for number, days in ((5, 9), (9, 2)):
            commune = places.commune_by(tx, f"x{number}")
            rounds.open_round(
                tx, commune.id, "Quý 1", "phu-tho-2024", text, None, now,
                now + timedelta(days=days), now + timedelta(days=days + 5), now,
            )  # fmt: skip

    await province.deployment.program.database.write(some_open)
    await province.operator.send("/tinhhinh")
    assert province.operator.buttons[:2] == [NAMES[9], NAMES[5]]
    await province.operator.send("/dieuhanh")
    for caption in ("📅 Mở kỳ", "Tháng 3/2026", "📅 9/3"):
        await province.operator.press(caption)
    assert "Để nguyên 2 xã đang có kỳ mở" in province.operator.screen
    await province.operator.press("✅ Mở cho 146 xã")
    await province.operator.send("/dieuhanh")
    for caption in ("📅 Mở kỳ", "Tháng 4/2026", "📅 9/3"):
        await province.operator.press(caption)
    assert "và 13" in province.operator.screen  # not all 148 names
    assert len(province.operator.screen) < 400


async def test_the_operator_of_a_group_has_only_that_group(province):
    phone, group = province.upland, set(NAMES[2::3])
    await phone.send("/dieuhanh")
    assert phone.screen.startswith("⚙️ Điều hành nhóm Vùng cao, 49 xã")
    await phone.press("🗺")
    seen = set()
    while True:
        seen |= {one for one in phone.buttons if one.startswith("Xã ")}
        if "Trang sau ▶" not in phone.buttons:
            break
        await phone.press("Trang sau ▶")
    assert seen == group
    await phone.send(NAMES[0])
    assert NAMES[0] not in phone.screen
    foreign = (await province.read(lambda tx: places.commune_by(tx, "x0"))).id
    for data in (pack("s.commune", foreign), pack("o.inv1", foreign), pack("o.make", foreign)):
        await phone.press_data(data)
        assert NAMES[0] not in phone.screen
    await phone.send("/dieuhanh")
    for caption in ("📅 Mở kỳ", "Tháng 3/2026", "📅 9/3", f"✅ Mở cho {len(group)} xã"):
        await phone.press(caption)
    assert await province.open_rounds() == group


async def test_a_difficulty_that_a_hundred_communes_share_is_one_line(province):
    now = province.deployment.clock.now()

    def passed_up(tx):
        for number in range(100):
            commune = places.commune_by(tx, f"x{number}")
            made = difficulties.raise_difficulty(
                tx, commune_id=commune.id, indicator="KT1" if number % 4 else "HT1",
                text="ngân hàng ở xa, " * 15, by=None, now=now,
            )  # fmt: skip
            difficulties.pass_up(tx, difficulties.difficulty_by_id(tx, made), by=None, now=now)

    await province.deployment.program.database.write(passed_up)
    phone = province.operator
    await phone.send("/dieuhanh")
    await phone.press("💬 Vướng mắc (100)")
    assert "75 xã, 75 vướng mắc" in phone.screen
    await phone.press("1.")
    assert "75 xã cùng vướng" in phone.screen
    await phone.press("Trang sau ▶")
    await province.upland.send("/dieuhanh")
    await province.upland.press("💬 Vướng mắc (33)")


async def test_the_start_screen_names_a_schedule_without_its_criteria_set(province):
    now, monthly = province.deployment.clock.now(), Schedule(Every.MONTH, 1, 10)

    def work(tx):
        one = next(c for c in places.communes(tx) if c.group_name != GROUPS[2])
        schedules.set_schedule(tx, one.id, "gone-2020", monthly, now.date(), now)

    await province.deployment.program.database.write(work)
    await province.operator.press("⚙️")
    assert "1 xã không tự mở được: không còn bộ chỉ tiêu gone-2020" in province.operator.screen
    await province.upland.press("⚙️")
    assert "điều hành" in province.upland.screen.lower()
    assert "gone-2020" not in province.upland.screen
