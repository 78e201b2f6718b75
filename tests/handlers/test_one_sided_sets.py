"""A set that asks only areas, or only the office: nothing is expected of the others."""

import json

import docx
import pytest

from handlers.exports.material import material_of
from handlers.exports.pictures import pictures_of
from handlers.exports.report import write_report
from handlers.exports.workbook import write_workbook
from handlers.status.loading import load_status
from handlers.status.view import status_fields
from handlers.texts import texts_of
from storage.reminders import reminder_plans
from storage.rounds import rounds
from tests.handlers.one_sided import one_sided


@pytest.fixture(params=["area", "office"])
async def asked(request, village):
    """Whom the set of the open round asks."""
    now = village.deployment.clock.now()
    text = one_sided(request.param)

    def work(tx):
        rounds.cancel_round(tx, village.round, "thử", now)
        old = rounds.round_by_id(tx, village.round)
        made = rounds.open_round(
            tx, village.commune, "Tháng 3/2026", f"chi-{request.param}", text, None, now,
            old.deadline, old.closes_at, now,
        )  # fmt: skip
        return made.id

    village.round = await village.database.write(work)
    return request.param


async def _looked(village, view):
    def look(tx):
        round_ = rounds.round_by_id(tx, village.round)
        return view(tx, round_)

    return await village.database.read(look)


async def test_only_units_that_the_set_asks_are_expected(village, asked):
    officer = await village.joined("Mai", role="officer")
    phones = [await village.joined(f"Bác {n}", area=f"Khu {n}") for n in (1, 2, 3)]
    now = village.deployment.clock.now()
    await phones[0].send("/start")
    await officer.send("/start")
    assert ("📝 Báo cáo" in phones[0].buttons) == (asked == "area")
    assert any("Báo cáo của xã" in one for one in officer.buttons) == (asked == "office")
    idle = officer if asked == "area" else phones[0]
    assert "Kỳ đang mở không hỏi gì ở đây" in idle.screen
    await officer.send("/tinhhinh")
    assert ("khu" in officer.screen.split("\n")[3]) == (asked == "area")
    assert "· xã:" not in officer.screen
    assert ("Báo cáo của xã: chưa làm" in officer.screen) == (asked == "office")
    if asked == "area":
        for phone in phones:
            await phone.send("/baocao")
            await phone.send("80/100")
            await phone.send("có")
            await phone.press("📨 Gửi báo cáo")
            assert "Đã gửi báo cáo" in phone.screen
    else:
        await officer.send("/baocao")
        await officer.send("có")
        await officer.press("📨 Gửi báo cáo")
        assert "Đã gửi báo cáo" in officer.screen
    fields = await _looked(village, lambda tx, r: status_fields(load_status(tx, r, now)))
    json.dumps(fields)
    count = 3 if asked == "area" else 1
    assert fields["reports"] == {
        "in": count, "expected": count, "missing": [],
        "office": None if asked == "area" else "sent",
    }  # fmt: skip
    assert fields["smart_commune"] is True
    await officer.send("/tinhhinh")
    assert "🏆 Đạt đủ" in officer.screen
    assert "thông minh" not in officer.screen


async def test_only_units_that_the_set_asks_are_reminded(village, asked):
    await village.joined("Mai", role="officer")
    await village.joined("Hùng")
    tasks = await _looked(village, lambda tx, r: reminder_plans.tasks_of_round(tx, r.id))
    assert [task.office for task in tasks] == [asked == "office"]


async def test_files_name_only_units_that_the_set_asks(village, asked, tmp_path):
    texts, zone = texts_of("vi"), village.deployment.settings.timezone
    material = await _looked(village, lambda tx, r: material_of(tx, r, texts, zone))
    write_report(material, texts, tmp_path / "a.docx")
    said = "\n".join(one.text for one in docx.Document(str(tmp_path / "a.docx")).paragraphs)
    assert ("khu dân cư đã gửi" in said) == (asked == "area")
    assert ("văn phòng xã" in said) == (asked == "office")
    write_workbook(material, texts, tmp_path / "a.xlsx")
    names = [name for name, _ in pictures_of(material, texts)]
    assert ("khu.png" in names) == (asked == "area")
    assert "chi-tieu.png" in names
