"""A round whose people were erased can still be read, exported, and left."""

import json
from datetime import timedelta
from zoneinfo import ZoneInfo

from docx import Document
from openpyxl import load_workbook

from criteria.answers import Ratio
from handlers.exports.formats import make
from handlers.exports.material import material_of
from handlers.texts import texts_of
from storage.personal_data import retention
from storage.rounds import rounds

ERASED = "đã xoá theo thời hạn"


async def closed_and_erased(village):
    """Close the round, and let ten years pass."""
    now = village.deployment.clock.now()
    later = now + timedelta(days=4000)
    await village.database.write(lambda tx: rounds.close_round(tx, village.round, now))

    def erase(tx):
        while due := retention.rounds_past(tx, later):
            retention.erase_some(tx, due[0], later)
        while due := retention.communes_past(tx, later):
            retention.erase_some_of_commune(tx, due[0], later, later)

    await village.database.write(erase)


async def test_the_history_of_an_old_round_shows_figures_without_people(village, people, tmp_path):
    hung, mai = people.reporter, people.officer
    await hung.press("📝 Báo cáo")
    await hung.send("340")
    await hung.send("vướng mắc: mất sóng ở đầu khu")
    await closed_and_erased(village)
    for phone, told in ((hung, "/lichsu"), (mai, "/lichsu Khu 1")):
        await phone.send(told)
        assert f"{ERASED} (nhắn tin)" in phone.screen
        assert "340/400 = 85,00 %" in phone.screen
        named = [line for line in phone.screen.splitlines() if "Hùng" in line]
        assert [line for line in named if "tham gia" not in line] == []  # that belongs to no round
        assert "mất sóng" not in phone.screen
    assert (await village.answers())["HT1"] == Ratio(340, 400)
    await mai.send("/tinhhinh")
    assert "Đã chốt" in mai.screen

    def files(tx):
        material = material_of(
            tx, rounds.known_round(tx, village.round), texts_of("vi"), ZoneInfo("Asia/Ho_Chi_Minh")
        )
        return {
            name: make(name, material, texts_of("vi"), tmp_path, tmp_path)[0]
            for name in ("xlsx", "docx", "json", "csv")
        }

    made = await village.database.read(files)
    texts = [
        json.dumps(json.loads(made["json"].read_text(encoding="utf-8")), ensure_ascii=False),
        made["csv"].read_text(encoding="utf-8"),
        "\n".join(one.text for one in Document(str(made["docx"])).paragraphs),
        str([list(page.values) for page in load_workbook(made["xlsx"]).worksheets]),
    ]
    assert "Khu 1" in texts[0]
    assert not [one for one in texts if "Hùng" in one or "mất sóng" in one]
    await hung.send("/xoatoi")
    await hung.press("🗑 Xoá")
    await mai.send("/lichsu Khu 1")
    assert f"{ERASED} (nhắn tin)" in mai.screen


async def test_the_retention_time_is_shown_before_joining_and_with_the_stored_data(village):
    code = await village.code("reporter", "Khu 1")
    phone = village.phone("Nga")
    await phone.send(f"/start {code}")
    assert "24 tháng sau khi chốt kỳ; tên người báo và lời đã ghi: 10 năm" in phone.screen
    await phone.press("✅")
    await phone.send("/dulieu")
    assert "tên người báo và lời đã ghi giữ 10 năm rồi xoá" in phone.screen
