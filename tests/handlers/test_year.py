"""A whole year of a commune: twelve rounds, two mergers, a change of officers, a lost telephone.

Everything is said on telephones; the results are compared with a ledger of the answers.
"""

import re
from datetime import UTC, datetime

import pytest

from bot.service.clock import Clock
from handlers.flow.press import pack
from tests.handlers.story import HEADS, SAME, Story, said

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def clock():
    """New year's day."""
    return Clock(datetime(2026, 1, 1, 2, 0, tzinfo=UTC), ticking=False)


@pytest.fixture
async def year(deployment, tmp_path):
    """The first of January: everybody has joined."""
    async with deployment.running():
        story = Story(deployment, tmp_path)
        await story.begins()
        yield story


async def beside(year, month):
    """The small commune also has its round."""
    await year.opens(year.there, "Oanh", month, pressing=False)
    await year.reports(year.there, "Thuỷ", "Thôn Thượng", said(year.there, "Thôn Thượng", month))
    if month > 1:
        await year.reports(year.there, "Nhàn", "Thôn Hạ", SAME if month == 12 else
                           said(year.there, "Thôn Hạ", month))  # fmt: skip


async def play(year):
    """Play January to December; give the status of May that the chair saw."""
    here, phones = year.here, year.phones

    await year.month(1)
    await beside(year, 1)
    await year.accepts_all()
    await year.ends(1)
    await year.closes(year.there, 1)

    await year.month(2, late=["Khu 3"], same=["Khu 1", "Khu 5"])
    await year.ends(2)

    await year.month(3)
    await year.returns("Khu 1", 5, "xin đếm lại giúp ạ")
    await phones["Hùng"].press("📝 Trả lời câu 5")
    await year.answers(phones["Hùng"], here.ledger, "Khu 1", "KT1", (170, 220))
    await phones["Hùng"].press("📨 Gửi báo cáo")
    here.ledger.sends("Khu 1")
    await year.accepts_all()
    await year.ends(3)

    await year.month(4, silent=["Khu 5"], behalf=["Khu 4"])
    await year.corrects("Khu 2", 1, (281, 340))
    await year.ends(4)

    await year.month(5)
    await year.returns("Khu 4", 5, "số này có nhầm không ạ")  # nobody answers
    await year.ends(5)
    await phones["Sơn"].send("/tinhhinh")
    may = phones["Sơn"].screen
    assert "Tháng 5/2026" in may

    await year.khu_4_and_5_become_one()
    await beside(year, 6)
    await year.month(6, same=["Khu Liên Hoà", "Khu 3"])
    await year.accepts_all()
    await year.ends(6)
    await year.closes(year.there, 6)

    await year.lan_leaves()
    await year.month(7)
    await year.ends(7)

    await year.month(8, late=["Khu 3"])
    await year.binh_loses_his_telephone()
    await year.ends(8)

    hub = await year.mai_hands_over_to_tam()
    await year.month(9, late=["Khu 2"], same=["Khu 1"])
    await nothing_is_left_to_mai(year, hub)
    await year.accepts_all()
    await year.ends(9)

    await year.month(10, behalf=["Khu Liên Hoà"])
    await year.ends(10)

    await year.khu_3_goes_into_khu_1()
    await year.month(11, same=["Khu 1"])
    await year.ends(11)

    await year.month(12, same=["Khu 2"])
    await beside(year, 12)
    await year.accepts_all()
    await year.ends(12)
    await year.closes(year.there, 12)
    return may


async def nothing_is_left_to_mai(year, hub):
    """She was the officer: none of her buttons and texts does anything any more."""
    mai, before = year.phones["Mai"], await year.status(year.here, "Tháng 9/2026")
    for caption in ("👥", "✉️", "🗓"):
        await mai.press(caption, on=hub)
        assert "Quản lý" not in mai.screen
        assert not any("Khu" in one for one in mai.buttons)
    round_ = await year.round(year.here, "Tháng 9/2026")
    for data in (pack("m.rclosey", round_.id), pack("v.all", round_.id), pack("s.full", round_.id)):
        await mai.press_data(data)
    await mai.send("/duyet")
    await mai.send("/tinhhinh")
    assert "Đồi Chè" not in mai.screen
    assert await year.status(year.here, "Tháng 9/2026") == before


async def test_a_year_of_two_communes(year):
    may = await play(year)
    for commune in (year.here, year.there):
        for page in commune.ledger.pages:
            await follows(year, commune, page)
    await history_reads_back(year)
    await old_round_on_the_telephone(year, may)
    nothing_crossed(year)


async def follows(year, commune, page):
    """Check that the result of the round equals the ledger and the result at its close."""
    found = await year.status(commune, page.name)
    assert found == commune.seen[page.name]
    fields = found[0]
    shown = {one["code"]: one for one in fields["indicators"]}
    for code, wanted in commune.ledger.result(page).items():
        assert {key: shown[code][key] for key in wanted} == wanted, (page.name, code)
    assert fields["reports"]["in"] == len(page.sent - {u for u, _ in page.asked_again}), page.name
    assert fields["reports"]["expected"] == len(page.units)


async def history_reads_back(year):
    """Check `/lichsu`, page by page: who gave the last number in each month."""
    names = {"HT1": "Điện thoại thông minh", "KT1": "Tài khoản thanh toán"}
    wanted = {
        area: {
            (month, short): "{}/{}".format(*page.said[area][code])
            for month, page in enumerate(year.here.ledger.pages, 1)
            for code, short in names.items()
        }
        for area in ("Khu 1", "Khu 2")
    }
    for area, values in wanted.items():
        found, people = {}, []
        for line in await pages(year.phones["Tâm"], f"/lichsu {area}"):
            match = re.search(
                rf"/(\d\d)/2026 · (.+) \(.*\): ({'|'.join(names.values())}): (.*)", line
            )
            if match is not None:
                value = match[4].rpartition(" → ")[2].split(" = ")[0]
                found.setdefault((int(match[1]), match[3]), value)
                people.append((int(match[1]), match[2]))
        assert found == values
        linh, lan, mai = (sorted(m for m, who in people if who == one) for one in NAMED)
        if area == "Khu 2":
            assert (set(lan), set(linh), mai) == (set(range(1, 7)), set(range(7, 13)), [4])
        else:
            assert {who for _, who in people} == {"Hùng"}


NAMED = ("Linh", "Lan", "Mai")


async def pages(phone, command):
    """All lines of a screen in pages."""
    await phone.send(command)
    lines = phone.screen.splitlines()
    while "Trang sau ▶" in phone.buttons:
        await phone.press("Trang sau")
        lines += phone.screen.splitlines()
    return lines


async def old_round_on_the_telephone(year, seen):
    """The chair opens the status of May in December: it is unchanged, with the areas of May."""
    chair = year.phones["Sơn"]
    round_ = await year.round(year.here, "Tháng 5/2026")
    await chair.press_data(pack("s.full", round_.id))
    assert without_time(chair.screen) == without_time(seen)
    await chair.press_data(pack("s.areas", round_.id, 0))
    assert "Khu 4" in chair.screen + str(chair.buttons)


def without_time(text):
    return [line for line in text.splitlines() if "lúc" not in line]


def nothing_crossed(year):
    """Check that nobody of one commune ever read anything of the other."""
    for names, foreign in (
        (("Thuỷ", "Nhàn", "Oanh"), ("Đồi Chè", "Khu 1", "Khu 2", "Khu 6", "Khu Liên")),
        ((*HEADS.values(), "Mai", "Tâm", "Linh", "Sơn", "Bình mới"), ("Bến Gỗ", "Thôn ")),
    ):
        for name in names:
            for screen in year.phones[name].screens:
                assert not any(one in screen for one in foreign), screen
