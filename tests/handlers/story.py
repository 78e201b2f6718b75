"""The people of Xã Đồi Chè and their actions in a year, with a second small commune."""

from tests.handlers.ledger import OF_AREAS, OFFICE
from tests.handlers.year import Commune, Year

KHU = {
    f"Khu {number}": {
        "adults": 300 + 20 * number,
        "working_age": 200 + 20 * number,
        "area_cadres": 5,
        "service_businesses": 10 + number,
    }
    for number in (1, 2, 4, 5, 6)
}  # nobody has counted Khu 3
ORDER = ("adults", "working_age", "area_cadres", "service_businesses")
HEADS = {"Khu 1": "Hùng", "Khu 2": "Lan", "Khu 3": "Bình", "Khu 4": "Cúc", "Khu 5": "Dũng",
         "Khu 6": "Én"}  # fmt: skip
DOI_CHE, BEN_GO = "doi-che", "ben-go"


def area_row(label, *, code=DOI_CHE, figures=None, begins=None, ends=None, into=None):
    """A row of the sheet of areas; empty cells change nothing."""
    number = int(label.split()[1]) if label.split()[1].isdigit() else None
    return (code, label, number, *((figures or {}).get(key) for key in ORDER), begins, ends, into)


def counts(month, total, place):
    """How many people have it this month: a little more every month."""
    return min(total, total * (70 + 2 * month) // 100 + place), total


def said(commune, area, month):
    """The answers of an area in a month with a new count."""
    place = sum(map(ord, area)) % 7
    totals = commune.ledger.figures.get(area) or dict(zip(ORDER, (250, 180, 4, 6), strict=True))
    return {
        "HT1": counts(month, totals["adults"], place),
        "HT2": (totals["area_cadres"] - (month < 4), totals["area_cadres"]),
        "CQ3": month != 5 or area != "Khu 1",
        "CQ4": month > 2 or place > 2,
        "KT1": counts(month, totals["working_age"], place),
        "KT2": counts(month, totals["service_businesses"], 0),
        "KT3": month > 8 and area == "Khu 2",
        "XH1": month % 5 == 0,
    }


def office_says(month):
    """The office's own report of a month."""
    return {
        "HT2": (30, 30),
        "CQ1": (900 + month, 1_200 + month),
        "CQ2": True,
        "CQ5": month > 3,
        "XH2": month != 7,
        "XH3": True,
    }


SAME = dict.fromkeys(OF_AREAS, "same")


class Story(Year):
    """The people of Xã Đồi Chè, month by month, and the second small commune."""

    async def begins(self):
        """Both communes are set up from a workbook, and people join by its invitations."""
        self.here = Commune(DOI_CHE, "Xã Đồi Chè", HEADS, {**KHU, OFFICE: {"commune_cadres": 30}})
        beside = {"Thôn Thượng": KHU["Khu 1"], "Thôn Hạ": KHU["Khu 2"]}
        self.there = Commune(BEN_GO, "Xã Bến Gỗ", beside, beside)
        self.officer = "Mai"
        await self.imports(
            Xã=[(DOI_CHE, "Xã Đồi Chè", 30), (BEN_GO, "Xã Bến Gỗ")],
            Khu=[
                *(area_row(area, figures=KHU.get(area)) for area in HEADS),
                *(area_row(area, code=BEN_GO, figures=some) for area, some in beside.items()),
            ],
            Người=[
                *(("Thành viên tổ", DOI_CHE, area, "Trưởng khu") for area in HEADS),
                *(("Thành viên tổ", BEN_GO, area, "Trưởng thôn") for area in beside),
                *(("Cán bộ xã", code, None, "Văn phòng") for code in (DOI_CHE, BEN_GO)),
                ("Lãnh đạo", DOI_CHE, None, "Chủ tịch"),
            ],
        )
        for area, name in HEADS.items():
            await self.joins(name, self.codes["reporter", area, "Trưởng khu"])
        for area, name in (("Thôn Thượng", "Thuỷ"), ("Thôn Hạ", "Nhàn")):
            await self.joins(name, self.codes["reporter", area, "Trưởng thôn"])
        await self.joins("Mai", self.codes["officer", DOI_CHE, "Văn phòng"])
        await self.joins("Oanh", self.codes["officer", BEN_GO, "Văn phòng"])
        await self.joins("Sơn", self.codes["leader", DOI_CHE, "Chủ tịch"])
        self.heads = dict(HEADS)

    async def month(self, number, *, late=(), silent=(), same=(), behalf=()):
        """A round from its opening to the deadline; Khu 6 never says anything."""
        await self.to(number, 5)
        await self.opens(self.here, self.officer, number, pressing=number % 2 == 1)
        await self.to(number, 6)
        for area in self.here.areas:
            if area not in (*late, *silent, *behalf, "Khu 6"):
                values = SAME if area in same else said(self.here, area, number)
                await self.reports(self.here, self.heads[area], area, values)
        if number % 3:
            await self.office(self.here, self.officer, office_says(number))
        await self.to(number, 8)
        for area in behalf:
            await self.enters(area, number)
        self.late = [(number, area) for area in late]

    async def ends(self, number):
        """Late people report after the deadline; then the round closes."""
        await self.to(number, 21)
        for month, area in self.late:
            await self.reports(self.here, self.heads[area], area, said(self.here, area, month))
            assert "Gửi sau hạn" in self.phones[self.heads[area]].screen
        await self.closes(self.here, number)

    # --- the officer ---------------------------------------------------------------------

    async def enters(self, area, number):
        """Enter a report by telephone; the area confirms it."""
        phone = self.phones[self.officer]
        await phone.send("duyệt")
        await phone.press("☎️ Ghi giúp khu")
        await phone.press(area)
        await self.fills(self.here, phone, area, said(self.here, area, number))
        assert "xã ghi giúp" in phone.screen
        await self.phones[self.heads[area]].press("✅ Đúng")

    async def accepts_all(self):
        """Accept all unmarked reports with one press, the others one by one."""
        phone = self.phones[self.officer]
        await phone.send("duyệt")
        if any("không có dấu" in one for one in phone.buttons):
            await phone.press("không có dấu")
        while "Không còn báo cáo nào chờ duyệt" not in phone.screen:
            await phone.press(next(one for one in phone.buttons if one.startswith(("Khu", "Văn"))))
            await phone.press("✅ Duyệt")

    async def returns(self, area, number, note):
        """Return one question to an area."""
        phone, code = self.phones[self.officer], OF_AREAS[number - 1]
        await phone.send("duyệt")
        while not any(area in one for one in phone.buttons):
            await phone.press("Trang sau")
        await phone.press(area)
        await phone.press("↩️ Trả lại")
        await phone.send(str(number))  # instead of the proposed questions
        await phone.press("✍️ Viết lời nhắn")
        await phone.send(note)
        assert f"Đã trả lại {area}" in phone.screen
        self.here.ledger.page.asked_again.add((area, code))
        assert note in self.phones[self.heads[area]].screen

    async def corrects(self, area, number, value):
        """Correct a slip; the area confirms it."""
        phone = self.phones[self.officer]
        await phone.send("duyệt")
        await phone.press(area)
        await phone.press("✏️ Sửa giúp")
        await phone.press(f"✏️ {number}")
        await phone.send(str(value[0]))
        await phone.send("gõ thừa một số")
        self.here.ledger.says(area, OF_AREAS[number - 1], value)
        await self.phones[self.heads[area]].press("✅ Đúng")

    async def finds(self, area, name):
        """Lead the officer to the screen of a person of an area."""
        await self.says(self.officer, "/quanly", "người", area, name)
        assert f"{name}: làm gì ạ?" in self.phones[self.officer].screen

    # --- events that happen once -----------------------------------------------------------------

    async def khu_4_and_5_become_one(self):
        """The heads continue in the new area: one by invitation, the other one is moved."""
        await self.to(6, 1)
        figures = {key: KHU["Khu 4"][key] + KHU["Khu 5"][key] for key in ORDER}
        await self.imports(
            Khu=[
                area_row("Khu 4", ends="31/5/2026", into="khu-lien-hoa"),
                area_row("Khu 5", ends="31/5/2026", into="khu-lien-hoa"),
                area_row("Khu Liên Hoà", figures=figures, begins="1/6/2026"),
            ],
            Người=[("Thành viên tổ", DOI_CHE, "Khu Liên Hoà", "Trưởng khu")],
        )
        self.here.areas = ["Khu 1", "Khu 2", "Khu 3", "Khu 6", "Khu Liên Hoà"]
        ledger = self.here.ledger
        ledger.figures["Khu Liên Hoà"] = figures
        ledger.merges("Khu Liên Hoà", "Khu 4", "Khu 5")
        await self.joins("Cúc", self.codes["reporter", "Khu Liên Hoà", "Trưởng khu"])
        await self.finds("Khu 5", "Dũng")
        await self.says(self.officer, "chuyển khu", "khu liên hoà", "đúng")
        assert "Từ nay báo cáo cho Khu Liên Hoà, thay cho Khu 5" in self.phones["Dũng"].screen
        self.heads["Khu Liên Hoà"] = "Cúc"

    async def khu_3_goes_into_khu_1(self):
        """The earlier answers of Khu 1 are from now on those of both areas."""
        await self.to(11, 1)
        figures = {"adults": 580, "working_age": 410, "area_cadres": 9, "service_businesses": 18}
        more = {key: value + 100 for key, value in KHU["Khu 6"].items()}  # many moved there
        await self.imports(
            Khu=[
                area_row("Khu 1", figures=figures),
                area_row("Khu 3", ends="31/10/2026", into="Khu 1"),
                area_row("Khu 6", figures=more),
            ]
        )
        self.here.areas.remove("Khu 3")
        self.here.ledger.figures |= {"Khu 1": figures, "Khu 6": more}
        self.here.ledger.merges("Khu 1", "Khu 1", "Khu 3")

    async def lan_leaves(self):
        """The officer invites somebody else for Khu 2."""
        lan = self.phones["Lan"]
        await lan.send("/roikhu")
        await lan.press("Khu 2")
        await lan.press("👋 Thôi vai trò này")
        await self.says(self.officer, "/quanly", "thư mời", "thư mời mới", "khu 2", "làm thư mời")
        await self.joins("Linh", self.letter(self.officer))
        self.heads["Khu 2"] = "Linh"

    async def binh_loses_his_telephone(self):
        """The new telephone gets the area with its draft."""
        old = self.phones["Bình"]
        await self.finds("Khu 3", "Bình")
        await self.says(self.officer, "mời lại, thay cho bình", "làm thư mời")
        await self.joins("Bình mới", self.letter(self.officer))
        await old.send("/baocao")
        assert "Câu" not in old.screen
        self.heads["Khu 3"] = "Bình mới"

    async def mai_hands_over_to_tam(self):
        """The new officer ends the role of the old one; her buttons do nothing from then on."""
        mai = self.phones["Mai"]
        for text in ("/quanly", "thư mời", "thư mời mới", "cán bộ xã", "làm thư mời"):
            await mai.send(text)
        await self.joins("Tâm", self.letter("Mai"))
        await mai.send("/quanly")
        hub = mai.message()
        self.officer = "Tâm"
        await self.finds("Cán bộ, lãnh đạo xã", "Mai")
        await self.phones["Tâm"].press("🗑 Cho thôi")
        await self.phones["Tâm"].press("🗑 Cho thôi")
        return hub
