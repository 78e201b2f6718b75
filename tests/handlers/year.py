"""A year of a commune by conversation; a ledger records every answer."""

from datetime import UTC, datetime, timedelta

import xlsxwriter

from handlers.roster.applying import apply
from handlers.roster.plan import RosterPlan
from handlers.status.loading import load_status
from handlers.status.overview import plain_text
from handlers.status.view import status_fields
from handlers.texts import texts_of
from storage.people.short_codes import ShortCodes
from storage.places import places
from storage.rounds import rounds
from tests.handlers.ledger import OF_AREAS, OF_OFFICE, OFFICE, Ledger
from tests.handlers.roster.importing import plan_import

SHORT_CODES = ShortCodes(b"a key")

DEADLINE, CLOSE = 19, 24  # days of the month
SHEETS = {
    "Xã": ("Mã xã", "Tên xã", "Cán bộ xã"),
    "Khu": ("Xã", "Tên khu", "Số", "Người trưởng thành", "Trong độ tuổi lao động", "Cán bộ khu",
            "Cơ sở dịch vụ", "Từ ngày", "Đến ngày", "Nhập vào"),
    "Người": ("Vai trò", "Xã", "Khu", "Chức danh"),
}  # fmt: skip


class Commune:
    """A commune with its ledger; `areas` are those of today."""

    def __init__(self, code, name, areas, figures):
        self.code = code
        self.name = name
        self.areas = list(areas)
        self.ledger = Ledger(figures)
        self.seen = {}  # the status of a round when it was closed


class Year:
    """The telephones, the clock, and actions with them."""

    def __init__(self, deployment, folder):
        self.deployment = deployment
        self.folder = folder
        self.phones = {}
        self.codes = {}  # of the invitations of the roster, by place and label

    @property
    def database(self):
        return self.deployment.program.database

    async def to(self, month, day, hour=9):
        """Move the clock to this day of 2026 in Việt Nam; due work is done first."""
        self.deployment.clock.move_to(
            datetime(2026, month, day, hour, tzinfo=UTC) - timedelta(hours=7)
        )
        await self.deployment.program.jobs.tick()
        await self.deployment.quiet()

    # --- people and places ----------------------------------------------------------------------

    async def imports(self, **sheets):
        """Import a workbook; its invitations are kept by (role, place, label)."""
        path = self.folder / "roster.xlsx"
        with xlsxwriter.Workbook(path) as workbook:
            for name, headings in SHEETS.items():
                page = workbook.add_worksheet(name)
                for place, row in enumerate([headings, *sheets.get(name, ())]):
                    page.write_row(place, 0, row)
        now = self.deployment.clock.now()

        def work(tx):
            plan = plan_import(path, tx, now)
            assert isinstance(plan, RosterPlan), [one.sentence for one in plan.problems]
            made = apply(tx, plan, now, SHORT_CODES).invitations
            for one, wanted in zip(made, plan.invites, strict=True):
                area = wanted.area and places.unit(tx, one.invitation.unit_id).label
                self.codes[wanted.role, area or wanted.commune, wanted.label] = one.code

        await self.database.write(work)

    async def joins(self, name, code):
        """Join with a new telephone, or with one more role on an existing one."""
        phone = self.phones.get(name)
        if phone is None:
            phone = self.phones[name] = self.deployment.phone(name)
            await phone.send(f"/start {code}")
            await phone.press("✅ Đồng ý")
        else:
            await phone.send(f"/start {code}")
        return phone

    async def says(self, name, *texts):
        """Send several texts, one after another."""
        for text in texts:
            await self.phones[name].send(text)

    def letter(self, name):
        """The code in the newest invitation on this telephone."""
        texts = [one for one in self.phones[name].screens if "?start=" in one]
        return texts[-1].split("?start=")[1].split()[0]

    # --- a round --------------------------------------------------------------------------------

    async def opens(self, commune, officer, month, *, pressing):
        """The officer opens the month's round on the fifth."""
        phone, name = self.phones[officer], f"Tháng {month}/2026"
        if pressing:
            await phone.send("/quanly")
            for caption in ("🗓", "➕ Mở kỳ mới", name, f"📅 {DEADLINE}/{month}", "✅ Mở kỳ"):
                await phone.press(caption)
        else:
            await self.says(officer, "/quanly", "kỳ báo cáo", "mở kỳ mới", name)
            await self.says(officer, f"{DEADLINE}/{month}", "mở kỳ")
        assert "Đã mở kỳ" in phone.screen, phone.transcript(8)
        commune.ledger.opens(name, commune.areas)

    async def closes(self, commune, month):
        """Let a job close the round; keep its status."""
        await self.to(month, CLOSE + 1)
        round_ = await self.round(commune, commune.ledger.page.name)
        assert round_.state == "closed"
        commune.ledger.closes()
        commune.seen[round_.name] = await self.status(commune, round_.name)

    async def reports(self, commune, name, area, values):
        """Fill in the report and send it; the value "same" presses its button."""
        phone = self.phones[name]
        await phone.send("/baocao")
        if "Câu " not in phone.screen:  # of which of their areas
            await phone.press(area)
        await self.fills(commune, phone, area, values)
        assert "Đã gửi báo cáo" in phone.screen, phone.transcript(6)

    async def office(self, commune, name, values):
        """Fill the commune's own report in and send it."""
        phone = self.phones[name]
        await phone.send("/start")
        await phone.press("📝 Báo cáo của xã")
        await self.fills(commune, phone, OFFICE, values)

    async def fills(self, commune, phone, area, values):
        """Answer one question after another, and send."""
        ledger, codes = commune.ledger, OF_OFFICE if area == OFFICE else OF_AREAS
        for number, code in enumerate(codes, 1):
            assert f"Câu {number}/{len(codes)}" in phone.screen, phone.transcript(6)
            if values[code] == "same":
                await phone.press("🔁")
                last = ledger.last(area, code, ledger.page)
                kept = last if isinstance(last, bool) else (last[0], ledger.total(area, code))
                ledger.says(area, code, kept)
            else:
                await self.answers(phone, ledger, area, code, values[code])
        await phone.press("📨 Gửi báo cáo")
        ledger.sends(area)

    async def answers(self, phone, ledger, area, code, value):
        """One answer as people write it; the total only if the bot does not know it."""
        if isinstance(value, bool):
            await phone.send("có ạ" if value else "chưa")
        elif value[1] == ledger.total(area, code):
            await phone.send(str(value[0]))
        else:
            await phone.send(f"{value[0]}/{value[1]}")
        if "Đúng không ạ?" in phone.screen:
            await phone.send("đúng")
        ledger.says(area, code, value)

    # --- reading --------------------------------------------------------------------------------

    async def round(self, commune, name):
        """The round of this name."""

        def look(tx):
            known = places.commune_by(tx, commune.code)
            return next(one for one in rounds.list_rounds(tx, known.id) if one.name == name)

        return await self.database.read(look)

    async def status(self, commune, name):
        """The status of a round, as JSON and in words, without the time of the request."""
        now, zone = self.deployment.clock.now(), self.deployment.settings.timezone
        found = await self.round(commune, name)

        def look(tx):
            status = load_status(tx, rounds.round_by_id(tx, found.id), now)
            fields = status_fields(status)
            del fields["as_of"]
            words = plain_text(status, texts_of("vi"), zone).splitlines()
            return fields, [line for line in words if "Số liệu lúc" not in line]

        return await self.database.read(look)
