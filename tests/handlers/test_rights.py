"""Rights: everybody tries every action, by conversation and by forged buttons.

A cell of the matrix is an action and a person, named by a letter (see two_communes.py). The target
is Khu Kín 1 and its commune. A person who is not in a row must get only the sentence that this is
not possible, must change nothing of Kín and must not read its name.
"""

from dataclasses import dataclass

import pytest

from handlers import features  # noqa: F401 - they register their routes
from handlers.flow.press import pack, unpack
from handlers.flow.routes import ROUTES
from handlers.texts import texts_of
from tests.handlers.two_communes import (
    FOREIGN,
    INSIDE,
    NOW,
    TEXTS,
    WHO,
    Walk,
    both,
    buttons,
    words,
)

KHU_KIN_1 = FOREIGN + 2  # the office is the first unit of a commune

# They show or change only the data of the person who presses them.
OWN = {
    "home", "st", "help", "rep", "off", "pick.w", "lang", "join", "m.home", "m.leave", "m.left", "o.home",
    "o.diff", "o.file", "o.files", "o.group", "o.inv", "o.same", "h.areas", "s.home", "s.own", "s.all", "d.new", "d.over",
    "v.which", "p.left", "p.new", "confo", "y.data", "y.name", "y.look", "y.keep", "y.named",
    "y.out", "y.outy", "y.del", "y.dely", "c.areas", "t.at", "t.over", "t.new", "t.end", "t.go", "t.table", "t.ok", "t.no",
    "e.on", "e.off", "ps.page", "ps.which", "wr.which", "k.new", "k.wait", "k.look", "k.done", "k.part",
    "u.new", "u.in", "u.end",
}  # fmt: skip
FILLING = {
    key
    for key, route in ROUTES.items()
    if route.flow
    in {
        "handlers.report.buttons",
        "handlers.report.whole_report",
    }
}
ACTIONS = set(ROUTES)
# Buttons that no screen of the walk has, as a person could forge them.
FORGED = (
    ("confx", "round", "CQ3"), ("d.ask", "unit"), ("d.first", "unit"), ("d.raised", "difficulty"),
    ("d.photo", "difficulty"), ("pick", "round", "unit"), ("redo", "report"), ("sum", "report"),
    ("v.all", "round"), ("v.undo", "round", "stamp"), ("v.fixr", "report", "HT1"), ("v.retd", "report", 1), ("v.fixr", "report", "CQ3", "y"),
    ("n.prev", "commune", "all"), ("m.rclock", "round"),
    ("m.names", "commune"), ("m.namey", "remain"), ("m.namen", "remain"), ("m.rcanp", "round"), ("m.rend", "round", 0),
    ("m.soff", "commune", "set"), ("p.open", "commune", "set"), ("p.day", "commune", "set"),
    ("p.cday", "commune", "set"), ("r.mute", "round"), ("r.unmute", "round"),
    ("r.evening", "round"), ("r.tomorrow", "round"), ("r.nudge", "round"), ("s.late", "round"),
    ("obyes", "report", "stamp"), ("obno", "report", "stamp"), ("edit", "report", "HT1"),
    ("go", "report"), ("send", "report"), ("drop", "report", "CQ3"), ("same", "report", "HT1"),
    ("d.pick", "unit"), ("p.month", "commune", "set", "m", "b", "1ka"),
    ("p.prev", "commune", "set", "day"),
    ("c.which", "round", "unit"), ("c.open", "round", "unit", "HT1"), ("c.at", "report", "HT1"),
    ("c.yes", "report", "HT1"), ("c.no", "report", "HT1"), ("c.undo", "report", "HT1"),
    ("ps.send", "round", "unit"), ("wr.for", "round", "unit"), ("s.word", "round"), ("s.wordno", "round"),
    ("s.wordold", "round"), ("keep", "report", "HT1"), ("undo", "report"), ("put", "report", "HT1", "340/400"),
    ("put", "report", "XH1", "y"), ("now", "report"),
    ("c.done", "report", "HT1"), ("c.back", "report", "HT1"), ("w.ask", "report", "HT1"),
    ("b.apply", "workbook", "x"), ("b.drop", "workbook"), ("b.look", "workbook"),
    ("m.afigp", "unit", "adults", 500), ("m.afigy", "unit", "adults", 500, 400),
    ("m.anamep", "unit"), ("m.anamey", "unit"), ("m.amnew", "unit"),
    ("m.amday", "unit", "unit2"), ("m.amprev", "unit", "unit2", "day"),
    ("m.amy", "unit", "unit2", "day"), ("m.aoff", "unit"), ("m.aoffy", "unit"),
    ("w.set", "report", "HT1", "books"), ("w.all", "report"), ("w.back", "report"),
    ("wr", "report"), ("wr.ok", "report", "f00"), ("wr.fix", "report", "f00"), ("wr.same", "report"),
    ("wr.ask", "report", "f00", 1), ("wr.no", "report", "f00"),
    ("k.ask", "unit"), ("k.askyes", "unit"), ("k.askno", "unit"), ("k.yes", "unit"),
    ("k.no", "unit"), ("k.party", "unit"),
)  # fmt: skip
# Who gets through with a button about Khu Kín 1, and who changes data of Kín with it. Empty: it
# works only in a conversation after an earlier text.
MATRIX = {
    # Filling in a report: the reporters of the area. A stale button asks before a change.
    "back": ("R", ""), "diff": ("R", ""), "drop": ("R", ""), "edit": ("R", ""), "evid": ("R", ""),
    "fix": ("R", ""), "fixt": ("R", ""), "go": ("R", ""), "info": ("R", ""), "keep": ("R", ""),
    "more": ("R", ""), "no": ("R", ""), "none": ("R", ""), "now": ("R", ""),
    "obno": ("R", "R"), "obyes": ("R", "R"), "ok": ("R", ""), "put": ("R", "R"), "undo": ("R", ""),
    "pick": ("R", ""), "redo": ("R", ""), "same": ("R", ""), "send": ("R", ""), "skip": ("R", ""),
    "sum": ("R", ""), "unkn": ("R", ""), "yes": ("R", ""),
    # A whole report in one message: the table needs what was typed.
    "wr": ("", ""), "wr.ask": ("", ""), "wr.fix": ("", ""), "wr.no": ("R", ""), "wr.ok": ("", ""),
    "wr.for": ("", ""), "wr.same": ("R", ""),
    # The photographed paper list: only from the message of the offer.
    "ps.send": ("R", ""),
    # Counting from house to house, and the counting method: the same people.
    "c.at": ("R", ""), "c.back": ("R", ""), "c.done": ("R", ""), "c.no": ("R", "R"),
    "c.open": ("R", ""), "c.undo": ("R", ""), "c.which": ("R", ""), "c.yes": ("R", "R"),
    "w.all": ("R", ""), "w.ask": ("R", ""), "w.back": ("R", ""), "w.set": ("R", "R"),
    # The confirmation of a yes/no indicator.
    "conf": ("O", ""), "confn": ("O", ""), "confx": ("O", ""), "confy": ("O", ""),
    # Difficulties: raised by the area, read by the commune, by operators only if passed up.
    "d.ans": ("OLPW", ""), "d.ask": ("R", ""), "d.done": ("O", "O"), "d.again": ("O", ""), "d.first": ("R", ""),
    "d.list": ("OL", ""), "d.one": ("OLPW", ""), "d.photo": ("R", ""), "d.pic": ("OLPW", ""),
    "d.pick": ("R", ""), "d.raised": ("R", ""), "d.up": ("O", "O"),
    # Reminders: muted by each person; nudges by the leader and the office.
    "r.evening": ("RNO", "RNO"), "r.mute": ("RNO", "RNO"), "r.nudge": ("OL", "OL"),
    "r.tomorrow": ("RNO", "RNO"), "r.unmute": ("RNO", ""),
    # The result and the history.
    "h.area": ("ROL", ""), "s.area": ("OLPW", ""), "s.areas": ("OLPW", ""),
    "s.commune": ("OLPW", ""), "s.copy": ("OLPW", ""), "s.files": ("OLPW", ""),
    "s.full": ("OLPW", ""), "s.if": ("OLPW", ""), "s.ind": ("OLPW", ""), "s.inds": ("OLPW", ""),
    "s.late": ("OLPW", ""),
    "s.make": ("OLPW", ""), "s.more": ("OLPW", ""), "s.todo": ("OLPW", ""), "s.why": ("OLPW", ""),
    "s.rounds": ("OLPW", ""),
    "s.word": ("O", ""), "s.wordno": ("O", ""), "s.wordold": ("O", ""),
    # Review.
    "v.all": ("O", ""), "v.evid": ("OL", ""), "v.fix": ("O", ""), "v.fixq": ("O", ""),
    "v.fixr": ("", ""), "v.fixv": ("O", ""), "v.help": ("O", ""), "v.list": ("O", ""),
    "v.note": ("O", ""), "v.ok": ("O", "O"), "v.one": ("O", ""), "v.open": ("O", ""),
    "v.ret": ("O", ""), "v.retd": ("O", ""), "v.tot": ("O", ""),
    "v.tota": ("O", "O"), "v.totc": ("O", "O"), "v.undo": ("O", ""),
    # Managing people, invitations and rounds; everybody may leave an own role.
    "m.drop": ("O", ""), "m.dropy": ("O", "O"), "m.gone": ("O", ""), "m.hand": ("O", ""),
    "m.handc": ("O", ""), "m.handy": ("O", "O"), "m.hub": ("O", ""), "m.imake": ("O", "O"),
    "m.inv": ("O", ""), "m.invs": ("O", ""), "m.irev": ("O", ""), "m.irevy": ("O", "O"),
    "m.iprint": ("O", "O"), "m.ish": ("O", ""), "m.ishy": ("O", "O"),
    "m.iset": ("O", ""), "m.iwho": ("O", ""), "m.leavec": ("R", ""), "m.leavey": ("R", "R"),
    "m.mem": ("O", ""), "m.namen": ("O", "O"), "m.names": ("O", ""), "m.namey": ("O", "O"),
    "m.rclock": ("", ""), "m.people": ("O", ""), "m.rarea": ("O", ""), "m.rcan": ("O", ""),
    "m.rcanp": ("O", ""), "m.rcany": ("O", ""), "m.rcl": ("O", ""), "m.rclose": ("O", ""),
    "m.rclosey": ("O", "O"), "m.rdl": ("O", ""), "m.rend": ("", ""), "m.rmove": ("O", ""),
    "m.rmovey": ("O", "O"), "m.rmsg": ("O", ""), "m.round": ("O", ""), "m.rounds": ("O", ""),
    "m.rplan": ("O", ""), "m.rre": ("O", ""), "m.rrey": ("O", ""), "m.rtog": ("O", "O"),
    "m.rwhy": ("O", ""), "m.sched": ("O", ""), "m.sdue": ("O", ""), "m.soff": ("O", ""),
    "m.sone": ("O", ""), "m.sopen": ("O", ""), "m.sprev": ("O", ""), "m.sset": ("O", "O"),
    "m.swap": ("O", ""), "m.swapy": ("O", "O"), "m.to": ("O", ""), "m.toc": ("O", ""),
    "m.toy": ("O", "O"), "m.unit": ("O", ""),
    # Areas: their figures and names, mergers and splits.
    "m.afig": ("O", ""), "m.afigp": ("O", ""), "m.afigy": ("O", "O"), "m.amday": ("O", ""), "m.amore": ("O", ""),
    "m.amnew": ("O", ""), "m.amprev": ("O", ""), "m.amrg": ("O", ""), "m.amy": ("O", "O"),
    "m.aname": ("O", ""), "m.anamep": ("", ""), "m.anamey": ("O", ""), "m.area": ("O", ""),
    "m.areas": ("O", ""), "m.aspl": ("O", ""),
    "m.aoff": ("", ""), "m.aoffy": ("", ""),  # nothing of Kín is to end
    # A roster sent as a file: its sender. This one has no sheet to apply.
    "b.apply": ("O", ""), "b.drop": ("O", "O"), "b.look": ("O", ""),
    "b.file": ("OPW", ""),
    # Joining two chats: who typed the code, who gave it, and whoever was joined.
    "k.ask": ("", ""), "k.askno": ("", ""), "k.askyes": ("", ""), "k.no": ("", ""),
    "k.party": ("", ""), "k.yes": ("", ""),
    # Notices.
    "n.area": ("O", ""), "n.list": ("O", ""), "n.one": ("O", ""), "n.prev": ("O", ""),
    "n.send": ("O", ""), "n.stop": ("O", "O"), "n.text": ("O", ""), "n.who": ("O", ""),
    # Opening rounds, and actions of operators for a commune.
    "o.inv1": ("PW", ""), "o.make": ("PW", "PW"), "p.cday": ("O", ""), "p.day": ("O", ""),
    "p.month": ("O", ""), "p.name": ("O", ""), "p.open": ("", ""), "p.prev": ("O", ""),
}  # fmt: skip
# Side screens of a report, for its reporters.
BESIDE = {
    key
    for key, route in ROUTES.items()
    if route.flow in {"handlers.counting.screens", "handlers.counting.method"}
} - {"c.areas", "c.open", "c.which"}
GONE = texts_of("vi").say("toast.gone")
MOST_OF_AN_ACTION = 3


@dataclass
class World:
    communes: object
    buttons: dict[str, list[str]]  # by action, the data of a button about Khu Kín 1
    walks: dict[str, "Watched"]
    rows: dict[str, tuple[str, str]]


class Watched(Walk):
    """A walk that checks every screen."""

    trespasses: list

    def look(self, kind, what, reply):
        if self.letter not in INSIDE and "Kín" in words(reply):
            self.trespasses.append((what, words(reply)))


@pytest.fixture(scope="module")
def world():
    communes = both()
    communes.watch()
    walks = {}
    found = {}
    for letter in WHO:
        walk = walks[letter] = Watched(communes, letter, depth=7 if letter in INSIDE else 3)
        walk.trespasses = []
        seen = walk.all()
        if letter in INSIDE:
            found |= dict.fromkeys(seen)
    found |= dict.fromkeys(forged(communes))
    by_action = {}
    for data in found:
        if is_target(communes, data):
            by_action.setdefault(unpack(data).action, []).append(data)
    yield World(communes, by_action, walks, rows_of(communes, by_action))
    communes.tx.close()


def forged(communes):
    ids = {
        "round": newest(communes, "rounds"), "unit": KHU_KIN_1, "unit2": KHU_KIN_1 + 1, "commune": FOREIGN + 1,
        "report": report_of_area_1(communes), "difficulty": FOREIGN + 1, "set": "ejm3c2", "remain": FOREIGN + 1, "workbook": FOREIGN + 1, "day": NOW.date().toordinal() + 9,
        "stamp": int(NOW.timestamp() * 1_000_000),
    }  # fmt: skip
    for action, *arguments in FORGED:
        yield pack(action, *(ids.get(one, one) for one in arguments))


def newest(communes, table):
    return max(row[0] for row in communes.rows()[table])


def report_of_area_1(communes):
    rows = [row for row in communes.rows()["reports"] if row[2] == KHU_KIN_1]
    return max(row[0] for row in rows)


def is_target(communes, data):
    """Whether a button is about Khu Kín 1, its round, its commune, or a role in it."""
    press = unpack(data)
    if press.action in OWN:
        return False
    numbers = [press.number(place) for place in range(len(press.arguments))]
    if press.action in FILLING | {"obyes", "obno"} | BESIDE:
        return numbers[0] == report_of_area_1(communes)
    if press.action in {"c.open", "c.which"}:
        return numbers[1] == KHU_KIN_1
    if press.action in {"pick", "d.ask", "d.first", "d.pick", "h.area", "s.area"}:
        return KHU_KIN_1 in numbers
    if press.action in {"m.leavec", "m.leavey"}:
        return numbers[0] == communes.people["R"][1].id
    if press.action in {"n.one", "n.stop", "m.inv", "m.irev", "m.irevy"}:
        return numbers[0] == FOREIGN + 1  # not one that was created and rolled back on a walk
    return any(one is not None and FOREIGN < one < 2 * FOREIGN for one in numbers)


def spread(some):
    step = max(len(some) // MOST_OF_AN_ACTION, 1)
    return some[::step][:MOST_OF_AN_ACTION]


def got_through(letter, reply):
    """Whether a press led anywhere."""
    if letter == "s":
        return words(reply).strip() != texts_of("vi").say("join.again")
    return bool(reply.shown or reply.toast) and reply.toast != GONE


def rows_of(communes, found):
    """For each action, who gets through with one of its buttons, and who changes Kín."""
    rows = {action: [[], []] for action in found}
    for letter in WHO:
        with communes.trying():
            if letter in INSIDE:
                communes.do(letter, "text", "/baocao")  # so that their own report is open
            for action, datas in found.items():
                for data in spread(datas):
                    changed, reply = communes.changes_kin(
                        lambda: communes.do(letter, "press", data)  # noqa: B023
                    )
                    rows[action][0] += letter if got_through(letter, reply) else ""
                    rows[action][1] += letter if changed else ""
                    assert letter in INSIDE or "Kín" not in words(reply), (letter, data)
    return {
        action: tuple("".join(dict.fromkeys(one)) for one in both) for action, both in rows.items()
    }


@pytest.mark.parametrize("action", sorted(MATRIX))
def test_only_the_listed_roles_get_through_and_change_anything(world, action):
    assert world.rows[action] == MATRIX[action]


def test_every_action_has_a_row():
    assert set(MATRIX) | OWN == ACTIONS
    assert not set(MATRIX) & OWN


@pytest.mark.parametrize("letter", WHO)
def test_personal_actions_change_and_show_nothing_of_commune_kin(world, letter):
    communes = world.communes
    for action in sorted(OWN - {"lang"}):
        changed, reply = communes.changes_kin(lambda: communes.do(letter, "press", pack(action)))  # noqa: B023
        if letter not in INSIDE:
            assert "Kín" not in words(reply), action
            assert not changed or (letter in "EX" and action in {"y.outy", "y.dely", "k.new"}), (
                action
            )


@pytest.mark.parametrize("letter", INSIDE)
def test_the_conversation_offers_nobody_what_they_may_not(world, letter):
    """The row of every button that was shown has the person who saw it."""
    offered = {unpack(data).action for data in world.walks[letter].seen}
    target = {a for a in offered - OWN if set(world.walks[letter].seen) & set(world.buttons[a])}
    assert target or letter == "N"  # there is nothing of the other area
    if letter == "O":  # enters a report by telephone while it is open
        target -= FILLING | BESIDE
    assert [a for a in sorted(target) if letter not in MATRIX[a][0]] == []


@pytest.mark.parametrize("letter", [one for one in WHO if one not in INSIDE])
def test_nobody_outside_can_read_anything_of_commune_kin(world, letter):
    walk = world.walks[letter]
    assert walk.seen or letter == "s"
    assert walk.trespasses == []


class Removed(Walk):
    """At each kind of open screen the roles end; then buttons are pressed and answers typed."""

    tried: set

    def look(self, kind, what, reply):
        communes = self.communes
        step = unpack(what).action if kind == "press" else what
        if step in OWN:  # the screen with the person's own name
            return
        fresh = list(self.untried(step, self.attempts(kind, what, reply)))
        if not fresh:
            return
        with communes.trying():
            communes.left_after(self.letter)
            for attempt in fresh:
                changed, after = communes.changes_kin(lambda: communes.do(self.letter, *attempt))  # noqa: B023
                assert "Kín" not in words(after), (what, attempt, words(after))
                assert not changed, (what, attempt)

    def untried(self, step, attempts):
        """Those whose action was not tried at this kind of screen; from now on they were."""
        for kind, what in attempts:
            key = (step, kind, unpack(what).action if kind == "press" else what)
            if key not in self.tried:
                self.tried.add(key)
                yield kind, what

    def attempts(self, kind, what, reply):
        for one in buttons(reply):
            if unpack(one).action not in OWN:
                yield "press", one
        if self.takes_text(kind, what) or any("|skip|" in one for one in buttons(reply)):
            yield from (("text", one) for one in TEXTS)


@pytest.mark.parametrize("letter", "ROLP")
def test_a_removed_member_can_do_nothing_from_an_open_screen(world, letter):
    walk = Removed(world.communes, letter, depth=4)
    walk.tried = set()
    walk.all()
    assert len(walk.tried) > 20


def test_an_operator_reads_only_difficulties_that_were_passed_up(world):
    for letter in "PW":
        inside = {
            number: got_through(
                letter, world.communes.do(letter, "press", pack("d.one", FOREIGN + number))
            )
            for number in (1, 2)
        }
        assert inside == {1: True, 2: False}
