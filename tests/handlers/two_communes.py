"""Two communes for tests of rights: data of Kín must stay in Kín.

Everything of Kín has ids from 1001 on and names with "Kín", so every leak and change is visible.
 `WHO` are the letters of the matrix in test_rights.py.
"""

import weakref
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from criteria.answers import Ratio, YesNo
from criteria.sets.set_file import shipped_text
from handlers.conversation import dispatch
from handlers.conversation.shown_messages import store_shown
from handlers.flow.channel import Incoming, Sender
from handlers.flow.commands import COMMANDS as COMMANDS_OF_FEATURES
from handlers.flow.deployment import Deployment
from handlers.flow.press import unpack
from handlers.flow.routes import ROUTES
from storage.difficulties import difficulties
from storage.engine.sqlite import CoreConnection, core_engine, open_raw
from storage.evidence import evidence
from storage.messages import notices, outbox
from storage.people import invitations, people
from storage.personal_data import unmasked_texts
from storage.places import places, workbooks
from storage.reports import reports
from storage.rounds import rounds
from storage.tables import metadata

ACCOUNT = "x"  # the account name of everybody
NOW = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
HOUSE = Deployment(
    ZoneInfo("Asia/Ho_Chi_Minh"), "smart_commune_bot", frozenset({"W"}),
    board_url="https://xa.example.vn",
)  # fmt: skip
SET = "phu-tho-2024"
FOREIGN = 1000
FEW = 3  # buttons of an action
MOST_TYPED = 8  # screens of an action at which texts are typed
SENT = 30  # of the areas of a large commune; the others have a draft
WHO = {
    "R": "reporter of Khu Kín 1",
    "N": "reporter of Khu Kín 2, the same commune",
    "O": "officer of Kín",
    "L": "leader of Kín",
    "P": "operator of Kín's group",
    "W": "operator of the whole installation",
    "E": "was reporter of Khu Kín 1",
    "X": "was officer of Kín",
    "y": "reporter of the other commune",
    "z": "officer of the other commune",
    "l": "leader of the other commune",
    "q": "operator of the other group",
    "s": "a stranger",
}
INSIDE = "RNOLPW"
PLACES_OF_TALK = {"conversations", "shown_messages", "asks", "written"}
# Texts to type at a screen: a place, a reason, days, a date, numbers. None contains "Kín".
TEXTS = (
    "khu kin 1", "vì nhập nhầm nên xin sửa lại", "20 ngày", "30/12/2026", "340/400", "có",
)  # fmt: skip
# Texts that open most come first: a button first seen at the end of a long path is not followed.
OPEN_MOST = ("/quanly", "/dieuhanh", "/duyet")
COMMANDS = (
    *OPEN_MOST,
    *(f"/{name}" for name in sorted(COMMANDS_OF_FEATURES.keys() - {"vuongmac", "difficulty"})),
    "/vuongmac", "/lichsu khu kin 1", "/tinhhinh ht1", "/tinhhinh khu kin 1", "/tinhhinh kin",
    "/xuat excel", "duyệt", "theo khu", "đúng", "sai",
)  # fmt: skip


def found(tx, code, name, group, letters, areas=3, members=0):
    """Create a commune with areas, rounds, reports and people, one for each letter.

    `members`: how many more people report for each area.
    """
    commune = places.add_commune(tx, code, name, group)
    mark = name.split()[-1]
    areas = [
        places.add_unit(tx, commune.id, f"k{n}", f"Khu {mark} {n}", number=n).id
        for n in range(1, areas + 1)
    ]
    for unit in areas:
        places.set_figure(tx, unit, "adults", 400, NOW, way="import")
        for n in range(members):
            more = person(tx, f"{code}-{unit}-{n}", f"Thành viên {mark} {n}")
            people.add_membership(tx, more.id, "reporter", now=NOW, unit_id=unit)
    office = places.office_of(tx, commune.id).id
    who = {}
    for letter, role, area in letters:
        somebody = person(tx, letter, f"Người {mark} {letter}")
        where = {"unit_id": areas[area]} if role == "reporter" else {"commune_id": commune.id}
        who[letter] = somebody.id, people.add_membership(tx, somebody.id, role, now=NOW, **where)
    began = NOW - timedelta(days=40)
    for title, start in (("Kỳ cũ", began), ("Kỳ này", NOW - timedelta(days=3))):
        round_ = rounds.open_round(
            tx, commune.id, f"{title} {mark}", SET, shipped_text(SET), None, start,
            start + timedelta(days=10), start + timedelta(days=15), start,
        )  # fmt: skip
        for place, unit in enumerate((*areas, office)):
            report_of(tx, round_, place, unit, start, who)
        if title == "Kỳ cũ":
            rounds.close_round(tx, round_.id, NOW - timedelta(days=20))
    reporter, officer = who[letters[0][0]][0], who["O" if "O" in who else "z"][0]
    raised = {"commune_id": commune.id, "round_id": round_.id, "by": reporter, "now": NOW}
    for text in ("mất sóng", "máy hỏng"):
        difficulties.raise_difficulty(
            tx, unit_id=areas[0], text=f"{text} {mark}", photo="AgAC", **raised
        )
    one = difficulties.open_difficulties(tx, commune.id)[0]
    difficulties.pass_up(tx, one, by=officer, now=NOW)
    for role, unit in (("reporter", areas[0]), ("officer", None)):
        invitations.create_invitation(
            tx, role, now=NOW, expires_at=NOW + timedelta(days=9), commune_id=commune.id,
            unit_id=unit, created_by=officer,
        )  # fmt: skip
    book = workbooks.add(tx, officer, "AgAC", NOW)
    workbooks.store_cells(tx, book, "[]")
    unmasked_texts.add(tx, commune.id, reporter, {f"họp tổ {mark}": [(4, 6)]}, NOW)
    made = notices.write_notice(
        tx, "all", f"họp tổ {mark}", NOW, by=officer, commune_id=commune.id, unit_id=None, count=1
    )
    outbox.enqueue_all(tx, [outbox.Draft(reporter, "written", "{}", NOW, notice_id=made)], NOW)
    return who


def report_of(tx, round_, place, unit, start, who):
    """One report of each state: a draft, one that waits for review, one that the office entered."""
    report = reports.start_report(tx, round_.id, unit, start)
    way = {"by": None, "way": "command", "now": start}
    if unit == places.office_of(tx, round_.commune_id).id:
        reports.put_answer(tx, report, "HT2", Ratio(3, 4), **way)
        return
    reports.put_answer(tx, report, "HT1", Ratio(3, 4), commune_total=400, **way)
    reports.put_answer(tx, report, "CQ3", YesNo(yes=True), by=None, way="office", now=start)
    if 0 < place < SENT:
        reports.send_report(tx, report, by=None, now=start, deadline=round_.deadline)
        evidence.add_link(tx, report, "CQ3", "https://xa.example", by=None, now=start)


def person(tx, address, name):
    return people.add_person(
        tx, bot="telegram", address=address, name=name, handle=None, language="vi",
        consent_version="1", now=NOW,
    )  # fmt: skip


@dataclass
class Communes:
    """Both, in one database."""

    tx: sa.Connection
    people: dict[str, tuple[int, int | None]]
    kept: dict[str, set[tuple]] = field(default_factory=dict)

    @property
    def raw(self):
        """The driver's connection."""
        return self.tx.connection.driver_connection

    def watch(self):
        """Record all changes from now on; `changes_kin` needs this."""
        self.raw.execute("CREATE TEMP TABLE touched (name TEXT)")
        for table in self.tables():
            for change in ("INSERT", "UPDATE", "DELETE"):
                self.raw.execute(
                    f'CREATE TEMP TRIGGER "{table.name}_{change}" AFTER {change} ON "{table.name}" '
                    f"BEGIN INSERT INTO touched VALUES ('{table.name}'); END"
                )
        self.kept = {name: {r for r in some if of_kin(r)} for name, some in self.rows().items()}

    def do(self, letter, kind, what):
        """Perform one action of a person, and record the shown reply."""
        return self.shown(dispatch.handle(self.tx, coming(letter, kind, what), NOW, HOUSE))

    def shown(self, reply):
        """Record that a reply was shown."""
        for shown in reply.shown if reply.person is not None else ():
            store_shown(self.tx, reply.person, "telegram", shown, "1", NOW, replaced=True)
        return reply

    def rows(self):
        """All rows, except the places in conversations."""
        return {
            table.name: self.raw.execute(f'SELECT * FROM "{table.name}"').fetchall()
            for table in self.tables()
        }

    def tables(self):
        return [one for one in metadata.sorted_tables if one.name not in PLACES_OF_TALK]

    @contextmanager
    def trying(self):
        """Roll back what is done in this block."""
        inner = self.tx.begin_nested()
        try:
            yield
        finally:
            inner.rollback()

    def changes_kin(self, act):
        """Whether an action changes anything of Kín, and the result of the action."""
        with self.trying():
            self.raw.execute("DELETE FROM touched")
            done = act()
            if self.raw.execute("SELECT count(*) FROM touched").fetchone() == (0,):
                return False, done
            after = self.held()
        before = self.held()
        return before != after, done

    def held(self):
        """The rows of Kín: the first ones, and all rows that refer to them."""
        return {
            name: [row for row in some if row in self.kept[name] or of_kin(row[1:])]
            for name, some in self.rows().items()
        }

    def left_after(self, letter):
        """End the roles of a person."""
        for one in people.memberships_of(self.tx, self.people[letter][0]):
            people.end_membership(self.tx, one.id, NOW)


def both(areas=3, members=0, further=0, *, counted=False):
    """Both communes; the second one's ids begin at 1001.

    `areas` and `members` are of that one; `further`: how many more communes the province has.
    The connection is the program's; if `counted`, one on which every statement passes SQLAlchemy's
    events.
    """
    raw = open_raw(Path(":memory:"), (), 5)
    engine = core_engine(raw, "BEGIN")
    metadata.create_all(engine)
    tx = engine.connect() if counted else CoreConnection(engine, raw)
    communes = Communes(tx, fill(tx, areas, members, further))
    tx.commit()
    weakref.finalize(communes, engine.dispose)
    return communes


def fill(tx, areas, members, further, *, gap=True):
    """Insert both communes; gives the id and role of everybody, by letter.

    Without the `gap` the ids of the second one continue.
    """
    here = [("y", "reporter", 0), ("l", "leader", None), ("z", "officer", None)]
    who = found(tx, "ta", "Xã Ta", "Nhóm Ta", here)
    who |= {"q": operator(tx, "q", "Nhóm Ta"), "W": operator(tx, "W", None)}
    for number in range(further):
        one_more(tx, number)
    if gap:
        with_gap(tx)
    there = [
        ("R", "reporter", 0), ("N", "reporter", 1), ("O", "officer", None), ("L", "leader", None),
        ("E", "reporter", 0), ("X", "officer", None), ("r", "reporter", 2),
    ]  # fmt: skip
    who |= found(tx, "kin", "Xã Kín", "Nhóm Kín", there, areas, members)
    who["P"] = operator(tx, "P", "Nhóm Kín")
    for table in metadata.sorted_tables if gap else ():
        if "id" in table.c:
            tx.execute(sa.delete(table).where(table.c.id == FOREIGN))
    for letter in "EX":
        people.set_name(tx, who[letter][0], "Người cũ", NOW)
        people.end_membership(tx, who[letter][1].id, NOW)
    tx.exec_driver_sql(f"UPDATE addresses SET account_name = '{ACCOUNT}'")
    return who


def one_more(tx, number):
    """One more commune of the province, with one area and an open round."""
    commune = places.add_commune(tx, f"xa-{number}", f"Xã Xa {number}", "Nhóm Xa")
    places.add_unit(tx, commune.id, "k1", "Khu Xa 1", number=1)
    close = NOW + timedelta(days=9)
    rounds.open_round(tx, commune.id, "Kỳ xa", SET, shipped_text(SET), None, NOW, close, close, NOW)


def operator(tx, letter, group):
    somebody = person(tx, letter, "Sở")
    if group is None:  # by the setting
        return somebody.id, None
    return somebody.id, people.add_membership(
        tx, somebody.id, "operator", now=NOW, group_name=group
    )


def with_gap(tx):
    """Let the ids of every table continue from 1001."""
    tx.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
    for table in metadata.sorted_tables:
        if "id" not in table.c:
            continue
        values = {
            c.name: FOREIGN if c.primary_key or c.foreign_keys else filler(c)
            for c in table.c
            if not c.nullable
        }
        tx.execute(sa.insert(table), values)
    tx.exec_driver_sql("PRAGMA ignore_check_constraints = OFF")


def filler(column):
    kind = column.type.python_type if not hasattr(column.type, "impl_instance") else None
    if kind is str:
        return f"x-{column.name}"
    return {"Instant": NOW, "Flag": False, "FreeTextType": "x"}.get(type(column.type).__name__, 1)


def coming(letter, kind, what):
    """The Incoming of a press or a text of a person."""
    return Incoming(
        Sender("telegram", letter, ACCOUNT), kind, message="1",
        **{"data" if kind == "press" else "text": what},
    )  # fmt: skip


def of_kin(row):
    """Whether a row belongs to Kín."""
    return any(isinstance(one, int) and FOREIGN < one < 2 * FOREIGN for one in row)


def words(reply):
    """All texts that a person sees."""
    seen = [reply.toast or ""]
    for shown in reply.shown:
        seen.append(shown.screen.text)
        seen += [button.label for row in shown.screen.rows for button in row]
        seen += [one.caption for one in shown.enclosures]
    return "\n".join(seen)


def buttons(reply):
    """The data of the buttons of a reply."""
    rows = [row for shown in reply.shown for row in shown.screen.rows]
    return [button.data for row in rows for button in row if button.data]


@dataclass
class Walk:
    """A person goes through every screen by pressing every button, and by typing.

    Each branch is rolled back after the walk, so that the world stays unchanged.
    """

    communes: Communes
    letter: str
    seen: dict[str, None] = field(default_factory=dict)  # the data of the buttons
    depth: int = 7
    typed: Counter = field(default_factory=Counter)  # screens at which texts were typed, by action

    def all(self):
        """Begin everywhere; give the data of all buttons."""
        for text in COMMANDS:
            self.branch("text", text, self.depth)
        return list(self.seen)

    def branch(self, kind, what, left):
        with self.communes.trying():
            reply = self.communes.do(self.letter, kind, what)
            self.look(kind, what, reply)
            fresh = [one for one in buttons(reply) if one not in self.seen]
            self.seen.update(dict.fromkeys(fresh))
            for one in fresh if left else ():
                self.branch("press", one, left - 1)
            for text in TEXTS if left and self.types_at(kind, what) else ():
                self.branch("text", text, left - 1)

    def look(self, kind, what, reply):
        """Check what is shown; tests override this."""

    def types_at(self, kind, what):
        """Whether texts are typed at this screen: at the first few of each action."""
        if not self.takes_text(kind, what):
            return False
        action = unpack(what).action
        self.typed[action] += 1
        return self.typed[action] <= MOST_TYPED

    def takes_text(self, kind, what):
        press = unpack(what) if kind == "press" else None
        return press is not None and ROUTES[press.action].take_text is not None


@dataclass
class ShortWalk(Walk):
    """A walk that presses a few buttons of each action."""

    pressed: Counter = field(default_factory=Counter)
    lefts: dict[str, int] = field(default_factory=dict)

    def do(self, kind, what, step=None):
        """Perform one action; `step`: the action of the screen on which it is typed."""
        return self.communes.do(self.letter, kind, what)

    def branch(self, kind, what, left, step=None):
        with self.communes.trying():
            reply = self.do(kind, what, step)
            for one in buttons(reply) if left else ():
                if self.goes_on(one, left):
                    self.branch("press", one, left - 1)
            for text in TEXTS if left and self.takes_text(kind, what) else ():
                step = unpack(what).action
                if self.goes_on(f"{text} ({step})", left):
                    self.branch("text", text, left - 1, step)

    def goes_on(self, what, left):
        """Whether this was not pressed yet, or so late that its own buttons were not."""
        before = self.lefts.get(what)
        action = unpack(what).action if unpack(what) else what
        if before is None:
            self.pressed[action] += 1
            if self.pressed[action] > FEW:
                return False
        elif left <= before:
            return False
        self.lefts[what] = left
        return True
