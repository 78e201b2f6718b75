"""A sample commune for the demo and the tests: areas, figures, a past round and an open one.

Xã Đồi Chè, its people and its numbers are invented.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import Connection

from criteria.answers import Ratio, Value, YesNo
from criteria.sets.set_file import shipped_text
from handlers.flow.channel import TELEGRAM
from handlers.joining.consent import CONSENT_VERSION
from storage.people import invitations, people
from storage.people.people import Person
from storage.places import places
from storage.places.places import Unit
from storage.reminders import reminder_plans
from storage.reports import reports
from storage.reports.reports import Report
from storage.rounds import rounds
from storage.rounds.rounds import Round

CRITERIA = "phu-tho-2024"
COMMUNE_CODE = "doi-che"
NEW_AREA = "khu-10-bg"


@dataclass(frozen=True, slots=True)
class Persona:
    """A person with a telephone in the demo; `start` is an unused join code."""

    key: str
    id: int
    name: str
    label: Mapping[str, str]  # by language
    start: str | None = None


@dataclass(frozen=True, slots=True)
class Sample:
    """The created commune, its open round and its people."""

    commune_id: int
    round_id: int
    deadline: datetime
    closes_at: datetime
    personas: tuple[Persona, ...]
    others: tuple[Persona, ...]  # heads of the other areas; the page doesn't show them

    def persona(self, key: str) -> Persona:
        """Return the persona with this key: newcomer, head, chair, officer or member."""
        return next(one for one in self.personas if one.key == key)


@dataclass(frozen=True, slots=True)
class _Area:
    """An area with its figures, and its rates per mille in the past and the open round."""

    code: str
    number: int
    old_commune: str
    adults: int
    working_age: int
    cadres: int
    businesses: int
    last: tuple[int, int, int]  # smartphones, payment accounts, businesses
    now: tuple[int, int, int]
    state: str  # of this round's report: none, draft, sent, accepted, returned
    head: str


_AREAS = (
    _Area("khu-1-dc", 1, "Đồi Chè", 412, 268, 6, 9, (826, 701, 667), (0, 0, 0), "none",
          "Hoàng Thị Lan"),
    _Area("khu-2-dc", 2, "Đồi Chè", 388, 251, 5, 7, (841, 733, 572), (866, 757, 715), "accepted",
          "Vũ Đình Nam"),
    _Area("khu-3-dc", 3, "Đồi Chè", 521, 340, 7, 12, (858, 742, 750), (870, 771, 834), "sent",
          "Bùi Thị Hạnh"),
    _Area("khu-4-dc", 4, "Đồi Chè", 296, 187, 5, 0, (794, 690, 0), (831, 722, 0), "accepted",
          "Ngô Văn Khải"),
    _Area("khu-5-dc", 5, "Đồi Chè", 447, 291, 6, 8, (850, 715, 625), (872, 740, 750), "sent",
          "Đặng Thị Mơ"),
    _Area("khu-5-sv", 5, "Suối Vàng", 334, 214, 5, 4, (801, 664, 500), (829, 991, 750), "returned",
          "Lý Văn Sơn"),
    _Area("khu-6-sv", 6, "Suối Vàng", 275, 172, 5, 3, (777, 652, 334), (822, 687, 667), "accepted",
          "Hà Thị Duyên"),
    _Area("khu-7-sv", 7, "Suối Vàng", 318, 203, 6, 5, (836, 709, 600), (853, 744, 800), "sent",
          "Triệu Văn Lộc"),
    _Area("khu-8-sv", 8, "Suối Vàng", 362, 231, 5, 6, (815, 688, 500), (843, 719, 667), "draft",
          "Phan Thị Thơm"),
    _Area("khu-8-bg", 8, "Bến Gỗ", 405, 262, 6, 11, (862, 760, 728), (879, 0, 0), "draft",
          "Đỗ Văn Bình"),
    _Area("khu-9-bg", 9, "Bến Gỗ", 489, 318, 7, 14, (873, 771, 786), (884, 793, 858), "accepted",
          "Lương Thị Hoa"),
    _Area(NEW_AREA, 10, "Bến Gỗ", 353, 226, 5, 6, (822, 699, 667), (0, 0, 0), "none", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Texts:
    """The texts of the sample in one language; `round` is the pattern of a round's name."""

    head: str
    round: str
    note: str


_TEXTS = {
    "vi": _Texts("Trưởng khu", "'Tháng' M/y", "Số tài khoản cao bất thường, nhờ tổ đếm lại giúp."),
    "en": _Texts(
        "Area head", "MMMM y", "The number of accounts is unusually high; please count again."
    ),
}

_OFFICE_CADRES = 38
_FILLING = timedelta(minutes=8)  # from the first answer until the report is sent
# The office's answers: last time, and now with one gap (XH3).
_OFFICE_LAST: dict[str, Value] = {
    "HT2": Ratio(37, 38), "CQ1": Ratio(1804, 2311), "CQ2": YesNo(True), "CQ5": YesNo(True),
    "XH2": YesNo(False), "XH3": YesNo(True),
}  # fmt: skip
_OFFICE_NOW: dict[str, Value] = {
    "HT2": Ratio(38, 38), "CQ1": Ratio(2140, 2502), "CQ2": YesNo(True), "CQ5": YesNo(True),
    "XH2": YesNo(True),
}  # fmt: skip

_HEAD, _MEMBER, _OFFICER, _CHAIR, _NEW = range(700_000_001, 700_000_006)
_FIRST_OTHER = 700_000_100


def make_sample(tx: Connection, now: datetime, zone: ZoneInfo, language: str = "vi") -> Sample:
    """Create the commune some days before a deadline; its people have `language`."""
    texts = _TEXTS[language]
    commune = places.add_commune(tx, COMMUNE_CODE, "Xã Đồi Chè", "Vùng đồi")
    office = places.office_of(tx, commune.id)
    founded = now - timedelta(days=60)
    places.set_figure(tx, office.id, "commune_cadres", _OFFICE_CADRES, founded, way="import")
    areas = {area.code: _add_area(tx, commune.id, area, founded) for area in _AREAS}
    numbers = {area.code: _FIRST_OTHER + place for place, area in enumerate(_AREAS)}
    numbers[_AREAS[0].code] = _HEAD
    heads = {
        area.code: _head_of(tx, area, areas[area.code], numbers[area.code], founded, language)
        for area in _AREAS
    }
    member = _add_person(tx, _MEMBER, "Trần Văn Hùng", founded, language)
    officer = _add_person(tx, _OFFICER, "Lê Thị Thu", founded, language)
    chair = _add_person(tx, _CHAIR, "Phạm Quốc Việt", founded, language)
    people.add_membership(tx, member.id, "reporter", unit_id=areas["khu-1-dc"].id, now=founded)
    people.add_membership(tx, officer.id, "officer", commune_id=commune.id, now=founded)
    people.add_membership(tx, chair.id, "leader", commune_id=commune.id, now=founded)

    _past_round(tx, commune.id, areas, heads, officer, now, zone, texts)
    present = _open_round(tx, commune.id, areas, heads, officer, now, zone, texts)
    _, code = invitations.create_invitation(
        tx, "reporter", now=now, expires_at=now + timedelta(days=30), uses=3,
        commune_id=commune.id, unit_id=areas[NEW_AREA].id, label=texts.head,
    )  # fmt: skip
    personas = (  # in the order of the page: the first one to try comes first
        Persona(
            "newcomer",
            _NEW,
            "Nguyễn Văn Tám",
            _label("Được mời · Khu 10", "Invited · Khu 10"),
            code,
        ),
        Persona("head", _HEAD, "Hoàng Thị Lan", _label("Trưởng khu · Khu 1", "Area head · Khu 1")),
        Persona("chair", _CHAIR, "Phạm Quốc Việt", _label("Chủ tịch xã", "Commune chair")),
        Persona("officer", _OFFICER, "Lê Thị Thu", _label("Cán bộ xã", "Commune officer")),
        Persona(
            "member",
            _MEMBER,
            "Trần Văn Hùng",
            _label("Thành viên tổ · Khu 1", "Team member · Khu 1"),
        ),
    )
    others = tuple(
        Persona(area.code, numbers[area.code], area.head, _head_label(area))
        for area in _AREAS[1:]
        if area.head
    )
    return Sample(commune.id, present.id, present.deadline, present.closes_at, personas, others)


def _label(vi: str, en: str) -> Mapping[str, str]:
    return {"vi": vi, "en": en}


def _head_label(area: _Area) -> Mapping[str, str]:
    return _label(f"Trưởng khu · Khu {area.number}", f"Area head · Khu {area.number}")


def _add_area(tx: Connection, commune_id: int, area: _Area, now: datetime) -> Unit:
    unit = places.add_unit(
        tx, commune_id, area.code, f"Khu {area.number}", number=area.number,
        old_commune=area.old_commune,
    )  # fmt: skip
    figures = {
        "adults": area.adults,
        "working_age": area.working_age,
        "area_cadres": area.cadres,
        "service_businesses": area.businesses,
    }
    for kind, value in figures.items():
        places.set_figure(tx, unit.id, kind, value, now, way="import")
    return unit


def _head_of(
    tx: Connection, area: _Area, unit: Unit, number: int, now: datetime, language: str
) -> Person | None:
    if not area.head:
        return None
    head = _add_person(tx, number, area.head, now, language)
    label = _TEXTS[language].head
    people.add_membership(tx, head.id, "reporter", unit_id=unit.id, label=label, now=now)
    return head


def _add_person(tx: Connection, number: int, name: str, now: datetime, language: str) -> Person:
    """Add a person who has consented."""
    return people.add_person(
        tx, bot=TELEGRAM, address=str(number), name=name,
        handle=None, language=language, consent_version=CONSENT_VERSION, now=now,
    )  # fmt: skip


def _past_round(
    tx: Connection, commune_id: int, areas: dict[str, Unit], heads: dict[str, Person | None],
    officer: Person, now: datetime, zone: ZoneInfo, texts: _Texts,
) -> None:  # fmt: skip
    opened = now - timedelta(days=45)
    deadline = _end_of_day(now - timedelta(days=32), zone)
    round_ = _begin(tx, commune_id, opened, deadline, zone, texts)
    for number, area in enumerate(_AREAS):
        head = heads[area.code] or officer
        at = opened + timedelta(days=2 + number % 9, hours=number)
        report = _answer_report(tx, round_, areas[area.code], _values(area, area.last), head, at)
        report = reports.send_report(tx, report, by=head.id, now=at + _FILLING, deadline=deadline)
        reports.accept_report(tx, report, by=officer.id, now=at + timedelta(days=1))
    office = places.office_of(tx, commune_id)
    report = _answer_report(tx, round_, office, _OFFICE_LAST, officer, opened + timedelta(days=9))
    sent = opened + timedelta(days=9) + _FILLING
    reports.send_report(tx, report, by=officer.id, now=sent, deadline=deadline)
    rounds.close_round(tx, round_.id, round_.closes_at)


def _open_round(
    tx: Connection, commune_id: int, areas: dict[str, Unit], heads: dict[str, Person | None],
    officer: Person, now: datetime, zone: ZoneInfo, texts: _Texts,
) -> Round:  # fmt: skip
    opened = now - timedelta(days=9)
    deadline = _end_of_day(now + timedelta(days=3), zone)
    round_ = _begin(tx, commune_id, opened, deadline, zone, texts)
    for number, area in enumerate(_AREAS):
        head = heads[area.code]
        if area.state == "none" or head is None:
            continue
        at = opened + timedelta(days=1 + number % 6, hours=number)
        report = _answer_report(tx, round_, areas[area.code], _values(area, area.now), head, at)
        if area.state == "draft":
            continue
        report = reports.send_report(tx, report, by=head.id, now=at + _FILLING, deadline=deadline)
        later = at + timedelta(days=1)
        if area.state == "accepted":
            reports.accept_report(tx, report, by=officer.id, now=later)
        elif area.state == "returned":
            reports.return_report(tx, report, ["KT1"], texts.note, by=officer.id, now=later)
    office = places.office_of(tx, commune_id)
    at = opened + timedelta(days=4)
    report = _answer_report(tx, round_, office, _OFFICE_NOW, officer, at)
    reports.send_report(tx, report, by=officer.id, now=at + _FILLING, deadline=deadline)
    reminder_plans.set_planned_until(
        tx, round_.id, now
    )  # the reminders due until now count as sent
    return round_


def _begin(
    tx: Connection, commune_id: int, opened: datetime, deadline: datetime, zone: ZoneInfo,
    texts: _Texts,
) -> Round:  # fmt: skip
    name = format_date(deadline.astimezone(zone), texts.round, locale="en")
    return rounds.open_round(
        tx, commune_id, name, CRITERIA, shipped_text(CRITERIA),
        opened.astimezone(zone).date(), opened, deadline, deadline + timedelta(days=5), opened,
    )  # fmt: skip


def _answer_report(
    tx: Connection, round_: Round, unit: Unit, values: dict[str, Value], by: Person, at: datetime
) -> Report:
    report = reports.start_report(tx, round_.id, unit.id, at)
    for step, (code, value) in enumerate(values.items()):
        moment = at + timedelta(seconds=40 * step)
        reports.put_answer(tx, report, code, value, by=by.id, way="text", now=moment)
    return report


def _values(area: _Area, rates: tuple[int, int, int]) -> dict[str, Value]:
    """Return an area's answers; only the first four if the rate of accounts is 0."""
    phones, accounts, shops = rates
    values: dict[str, Value] = {
        "HT1": Ratio(area.adults * phones // 1000, area.adults),
        "HT2": Ratio(area.cadres - (phones < 800), area.cadres),
        "CQ3": YesNo(True),
        "CQ4": YesNo(phones >= 800),
    }
    if accounts:
        values |= {
            "KT1": Ratio(area.working_age * accounts // 1000, area.working_age),
            "KT2": Ratio(area.businesses * shops // 1000, area.businesses),
            "KT3": YesNo(area.old_commune == "Đồi Chè" and phones > 860),
            "XH1": YesNo(area.number % 2 == 1),
        }
    return values


def _end_of_day(moment: datetime, zone: ZoneInfo) -> datetime:
    return datetime.combine(moment.astimezone(zone).date(), time(23, 59, 59), tzinfo=zone)
