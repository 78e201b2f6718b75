"""Databases of many communes and people, made in seconds: the real schema, filled by raw sqlite3.

Every row is what the program itself would write.
"""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any

from criteria.definition import CriteriaSet, KindName
from criteria.sets.set_file import parse_criteria, shipped_text
from storage.engine.schema_upgrade import migrate
from storage.rounds.criteria_texts import digest_of

NOW = datetime.combine(datetime.now(UTC).date(), time(2, tzinfo=UTC))  # nine in the morning
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
SET = "phu-tho-2024"
TEXT = shipped_text(SET)
CRITERIA = parse_criteria(TEXT, SET)
# The set of the other communes: valid, but 20 times shorter, so that 120,000 rounds fit on a disk.
SMALL_TEXT = """id = "small"
version = 1
[parameters]
adult_age = 18
[parameters.working_age]
2026 = { men = { years = 61 }, women = { years = 57 } }
[title]
vi = "Bộ nhỏ"
en = "A small set"
[[groups]]
code = "HT"
name = { vi = "Hạ tầng", en = "Infrastructure" }
""" + "".join(
    f"""[[indicators]]
code = "HT{number}"
group = "HT"
wording = "Chỉ tiêu {number}"
kind = "ratio"
threshold = "85 %"
unit = "people"
asked_of = "area"
roll_up = "sum"
figure = "adults"
evidence = "none"
[indicators.text.vi]
short = "Chỉ tiêu {number}"
question = "Bao nhiêu trong {{total}} người?"
question_pair = "Bao nhiêu, trong bao nhiêu?"
question_total = "Tổng số bao nhiêu?"
definition = "Chỉ tiêu {number}."
unit = "người"
"""
    for number in range(1, 7)
)
_FIGURES = (("adults", 400), ("working_age", 300), ("area_cadres", 60), ("service_businesses", 70))
_COLUMNS = {
    "communes": "id code name group_name",
    "units": "id commune_id kind code label number",
    "figures": "unit_id kind value",
    "people": "id name language consent_version consent_at created_at",
    "addresses": "bot chat person_id in_use last_written_at",
    "memberships": "id person_id role unit_id commune_id began_at",
    "criteria_texts": "hash text",
    "rounds": "id commune_id name criteria_id data_date opens_at deadline closes_at state"
    " criteria_hash",
    "round_units": "round_id unit_id position",
    "reminder_plans": "round_id planned_until",
    "reports": "id round_id unit_id state code sends first_sent_at sent_at",
    "answers": "report_id indicator state numerator denominator yes given_by given_at",
    "history": "id at person_id what way commune_id round_id unit_id report_id indicator old new",
    "conversations": "person_id report_id place revision shown_revision touched_at",
    "shown_messages": "person_id bot purpose message",
    "inbox": "id bot identity chat received_at state",
    "outbox": "id person_id kind payload dedupe_key priority not_before state created_at round_id",
}
_BUFFERED = 100_000
ADDRESSES = 700_000_000  # a person's Telegram id is this and their id


@dataclass(frozen=True, slots=True)
class Shape:
    """The contents of each commune. `answered` of its areas have reported in the open round."""

    areas: int
    rounds: int = 1
    members: int = 1  # of each area
    answered: int | None = None  # all of them
    text: str = TEXT
    history: bool = True  # a row for each answer, not only for each report
    spoken: bool = False  # everybody stands somewhere in a conversation
    updates: int = 0  # of each person, of which the number is still kept
    outbox: str | None = None  # the state of the one message that everybody has there
    to_plan: bool = False  # this day's reminders are not put in yet
    ends: timedelta = 3 * DAY + 15 * HOUR - timedelta(seconds=1)  # from NOW to the deadline


class Filling:
    """A new database that is being filled; close() writes the rest."""

    def __init__(self, path: Path) -> None:
        migrate(f"sqlite+aiosqlite:///{path}")
        self.raw = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-200000"):
            self.raw.execute(f"PRAGMA {pragma}").fetchall()
        self.raw.execute("BEGIN")
        self._rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in _COLUMNS}
        self.reporters: list[int] = []
        self._ids = dict.fromkeys(_COLUMNS, 0)
        self._sets: dict[str, CriteriaSet] = {TEXT: CRITERIA}
        self.put("criteria_texts", digest_of(TEXT), TEXT)

    def put(self, table: str, *values: Any) -> None:
        """Add a row; rows are written in batches."""
        rows = self._rows[table]
        rows.append(values)
        if len(rows) >= _BUFFERED:
            self._write(table)

    def next_id(self, table: str) -> int:
        """Give a new id."""
        self._ids[table] += 1
        return self._ids[table]

    def close(self) -> None:
        """Write the rest."""
        for table in _COLUMNS:
            self._write(table)
        self.raw.execute("COMMIT")
        self.raw.execute("PRAGMA journal_mode=WAL").fetchall()
        self.raw.close()

    def commune(self, shape: Shape) -> int:
        """A commune with its people, rounds, reports and their history; gives its id."""
        commune = self.next_id("communes")
        self.put("communes", commune, f"x{commune}", f"Xã Đồi {commune}", None)
        areas, office = self._units(commune, shape)
        tellers = {unit: self._members(commune, unit, shape) for unit in areas}
        self.person(commune, "leader", None)
        tellers[office] = [self.person(commune, "officer", None)]
        criteria = self._set(shape.text)
        for age in reversed(range(shape.rounds)):
            self._round(commune, [*areas, office], tellers, criteria, shape, age)
        return commune

    def person(self, commune: int | None, role: str, unit: int | None) -> int:
        """Somebody in a role; an operator of everything where there is no commune."""
        person = self.next_id("people")
        began = micros(NOW - 400 * DAY)
        address = str(ADDRESSES + person)
        self.put("people", person, f"Nguyễn Văn {person}", "vi", "2026-11", began, began)
        self.put("addresses", "telegram", address, person, 1, began)
        if role == "reporter":
            self.reporters.append(person)
        of_commune = None if role == "reporter" else commune
        self.put("memberships", person, person, role, unit, of_commune, began)
        return person

    # --- the parts of a commune ---------------------------------------------------------------

    def _units(self, commune: int, shape: Shape) -> tuple[list[int], int]:
        office = self.next_id("units")
        self.put("units", office, commune, "office", "office", "", None)
        self.put("figures", office, "commune_cadres", 21)
        areas = [self.next_id("units") for _ in range(shape.areas)]
        for number, unit in enumerate(areas, start=1):
            self.put("units", unit, commune, "area", f"k{number}", f"Khu {number}", number)
            for kind, value in _FIGURES:
                self.put("figures", unit, kind, value)
        return areas, office

    def _members(self, commune: int, unit: int, shape: Shape) -> list[int]:
        return [self.person(commune, "reporter", unit) for _ in range(shape.members)]

    def _set(self, text: str) -> CriteriaSet:
        if text not in self._sets:
            self._sets[text] = parse_criteria(text, "the others' set")
            self.put("criteria_texts", digest_of(text), text)
        return self._sets[text]

    def _round(
        self,
        commune: int,
        units: list[int],
        tellers: dict[int, list[int]],
        criteria: CriteriaSet,
        shape: Shape,
        age: int,
    ) -> None:
        """The round `age` months before the open one."""
        round_ = self.next_id("rounds")
        deadline = NOW + shape.ends - 30 * age * DAY
        opens, closes = deadline - 14 * DAY, deadline + 5 * DAY
        self.put(
            "rounds", round_, commune, f"Kỳ {12 - age}", criteria.id, None, micros(opens),
            micros(deadline), micros(closes), "closed" if age else "open", digest_of(shape.text),
        )  # fmt: skip
        planned = micros(NOW - 9 * HOUR) if shape.to_plan and not age else None
        self.put("reminder_plans", round_, planned)
        office = units[-1]
        answered = shape.areas if age or shape.answered is None else shape.answered
        for position, unit in enumerate(units):
            self.put("round_units", round_, unit, position)
            first = tellers[unit][0]
            sent = position < answered or (unit == office and answered > 0)
            report = (
                self._report(round_, unit, first, criteria, shape, opens, office) if sent else None
            )
            if not age:
                self._beside(tellers[unit], report, round_, shape)
        new = json.dumps({"name": f"Kỳ {12 - age}", "state": "closed" if age else "open"})
        self._history(
            closes if age else opens, None, "round", commune, round_, None, None, None, new
        )

    def _report(
        self,
        round_: int,
        unit: int,
        by: int,
        criteria: CriteriaSet,
        shape: Shape,
        opens: datetime,
        office: int,
    ) -> int:
        report = self.next_id("reports")
        at = opens + 3 * DAY
        self.put(
            "reports", report, round_, unit, "sent", f"R{report:09}", 1, micros(at), micros(at)
        )
        for place, one in enumerate(criteria.asked_of(office=unit == office)):
            ratio = one.kind is KindName.RATIO
            value = (320 + (report + place) % 80, 400, None) if ratio else (None, None, 1)
            state = "ratio" if ratio else "yes_no"
            self.put("answers", report, one.code, state, *value, by, micros(at))
            if shape.history:
                new = json.dumps(
                    {"v": 1, "state": state, "numerator": value[0], "denominator": 400}
                )
                self._history(at, by, "answer", None, round_, unit, report, one.code, new)
        self._history(
            at, by, "report", None, round_, unit, report, None, '{"v": 1, "state": "sent"}'
        )
        return report

    def _beside(self, people: list[int], report: int | None, round_: int, shape: Shape) -> None:
        """Add the place of each person, their texts, and messages to them."""
        place = json.dumps({"v": 1, "screen": "question", "indicator": "HT1", "draft": None})
        payload = json.dumps({"v": 1, "reasons": [{"round": round_, "part": "report"}]})
        done = shape.outbox == "sent"
        for person in people:
            if shape.spoken:
                self.put("conversations", person, report, place, 12, 12, micros(NOW - DAY))
                self.put("shown_messages", person, "telegram", "question", str(person * 7))
            for _ in range(shape.updates):
                number = self.next_id("inbox")
                done_at = micros(NOW - 9 * DAY)
                self.put("inbox", number, "telegram", str(number), "", done_at, "done")
            if shape.outbox is not None:
                key = f"day:{person}:{NOW.date().isoformat()}"
                due = NOW + (person % 96) * timedelta(minutes=15) if not done else NOW - HOUR
                self.put(
                    "outbox", self.next_id("outbox"), person, "reminder", "" if done else payload,
                    key, -1 - person % 3, micros(due), shape.outbox, micros(NOW - HOUR), round_,
                )  # fmt: skip

    def _history(
        self,
        at: datetime,
        by: int | None,
        what: str,
        commune: int | None,
        round_: int,
        unit: int | None,
        report: int | None,
        indicator: str | None,
        new: str,
    ) -> None:
        self.put(
            "history", self.next_id("history"), micros(at), by, what, "button", commune, round_,
            unit, report, indicator, None, new,
        )  # fmt: skip

    def _write(self, table: str) -> None:
        names = _COLUMNS[table].split()
        marks = ", ".join("?" * len(names))
        statement = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"
        self.raw.executemany(statement, self._rows[table])
        self._rows[table].clear()


def micros(when: datetime) -> int:
    """Give an instant as it is stored."""
    return (when - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def asked_among(path: Path, communes: int, asked: int, whole: Shape, other: Shape) -> list[int]:
    """Fill a database; gives the ids of the `asked` whole communes, which stand evenly among the
    others."""
    filling = Filling(path)
    places = {communes * number // asked for number in range(min(asked, communes))}
    found = []
    filling.person(None, "operator", None)
    for number in range(communes):
        made = filling.commune(whole if number in places else other)
        if number in places:
            found.append(made)
    filling.close()
    return found


def operator_of(raw: sqlite3.Connection) -> str:
    """The operator's address."""
    return raw.execute(
        "SELECT chat FROM memberships JOIN addresses USING (person_id) WHERE role = 'operator'"
    ).fetchone()[0]


def leaders(raw: sqlite3.Connection, communes: list[int]) -> Iterator[str]:
    """The address of each commune's leader."""
    for commune in communes:
        yield raw.execute(
            "SELECT chat FROM memberships JOIN addresses USING (person_id)"
            " WHERE commune_id = ? AND role = 'leader'",
            (commune,),
        ).fetchone()[0]
