"""For any input there is no failure and no screen that Telegram refuses, and /start works.

Names of people, places, rounds and files are as bad as texts and presses.
"""

import json

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.simulator.formatting import parse_text
from bot.simulator.telegram.keyboards import check_markup
from bot.simulator.telegram.world import MAX_CAPTION, MAX_TEXT
from bot.telegram.calls import keyboard
from bot.telegram.updates import _clean
from handlers.conversation import dispatch
from handlers.flow.channel import Attachment, Incoming, Screen, Sender
from handlers.flow.press import LIMIT, unpack
from handlers.flow.routes import ROUTES
from storage.tables import communes as commune_rows
from storage.tables import difficulties, notices, outbox, people, rounds, units
from tests.handlers.test_rights import FORGED
from tests.handlers.two_communes import COMMANDS, HOUSE, INSIDE, NOW, TEXTS, Walk, both

BAD = (
    "", " ", "\n\n", "<", "&", "<b>", "</b>", "<b><i>x</b></i>", "&amp;&lt;&#0;", "<a href='tg://x'>",
    "*_`[x](y)~|", "{name}", "{0.__class__}", "%s%n", "'; DROP TABLE people; --", "\u202e350/400",
    "350\u200f/\u200e400", "\u0301" * 50, "Z" + "\u0351" * 300, "👨‍👩‍👧‍👦" * 40, "🇻🇳", "²", "½", "Ⅷ", "٣٤٥/٤٠٠",
    "３５０／４００", "9" * 4096, "1" * 400 + "/" + "2" * 400, "-5/3", "1e999", "0/0", "nan", "∞/∞",
    "x" * 4096, "ặ" * 4096, "\t", "\x01\x02\x1b[31m", "\ufeff", "\U0010ffff", "/", "//", "/ ", "/@",
    "/start", "/start " + "x" * 64, "/start \u202e", "/lichsu <b>", "/tinhhinh &", "/neu 1", "/neu",
    "/visao", "/xuat <x>", "sửa câu 999999999999999999999", "sửa câu 0", "sửa câu -1", "1", "8", "0",
    "31/2/2026", "0/0/0", "99/99/9999", "29/02", "30/11/0001", "31/12/9999", "1/1/1", "hoàn tác",
    "huỷ", "xong", "gửi", "để sau", "chưa biết", "không có đối tượng", "như kỳ trước", "vướng mắc",
)  # fmt: skip
NAMES = ("<b>Lan</b> & \"Tý\" 'x' </i>", "Ｌａｎ\u202e*_`{name}{0}", "Ngô " + "ặ" * 59, "&lt;&amp;")
NUMBERS = (
    "",
    "0",
    "-1",
    "1",
    "zzz",
    "zzzzzzzzzzzz",
    "zzzzzzzzzzzzz",
    "x" * 40,
    "HT1",
    "²",
    "é",
    "\n",
)


class Town:
    """The two communes with bad names everywhere, and every existing button."""

    def __init__(self):
        self.communes = both()
        self.tx = self.communes.tx
        walks = [Walk(self.communes, letter, depth=5) for letter in INSIDE]
        found = {data: letter for walk in walks for data in walk.all() for letter in [walk.letter]}
        self.pressed = {}
        for data, letter in found.items():
            self.pressed.setdefault(unpack(data).action, []).append((letter, data))
        for action, *_ in FORGED:
            self.pressed.setdefault(action, [("O", f"1|{action}|rt|ru")])
        self.spoil()

    def spoil(self):
        """Give everything a bad name."""
        for table, column in (
            (people, "name"), (commune_rows, "name"), (units, "label"), (units, "old_commune"),
            (rounds, "name"), (difficulties, "text"), (notices, "text"),
        ):  # fmt: skip
            keys = [row[0] for row in self.tx.execute(sa.select(table.c.id))]
            for place, key in enumerate(keys):
                value = NAMES[place % len(NAMES)]
                change = sa.update(table).where(table.c.id == key).values({column: value})
                self.tx.execute(change)
        self.tx.commit()

    def do(self, letter, kind, text="", data="", attachment=None):
        sender = Sender("telegram", letter, NAMES[0], "x", None)
        incoming = Incoming(
            sender, kind, _clean(text), _clean(data), message="1", attachment=attachment
        )
        inner = self.tx.begin_nested()
        reply = dispatch.handle(self.tx, incoming, NOW, HOUSE)
        inner.commit()
        check(reply)
        return reply

    def check_outbox(self):
        """Check messages to others, which are screens too."""
        kinds = ("notice", "difficulty", "written", "on_behalf")
        rows = sa.select(outbox.c.payload).where(
            outbox.c.kind.in_(kinds), outbox.c.state == "waiting", outbox.c.payload != "{}"
        )
        for (payload,) in self.tx.execute(rows):
            check_screen(Screen.from_json(payload), MAX_TEXT)


def check(reply):
    """Check that Telegram would accept all of it."""
    for shown in reply.shown:
        check_screen(shown.screen, MAX_CAPTION if shown.picture else MAX_TEXT)
        for one in shown.enclosures:
            assert len(parse_text(one.caption, "HTML", None)[0]) <= MAX_CAPTION
        assert sum(len(row) for row in shown.screen.rows) <= 12
    for command in reply.commands or ():
        assert 1 <= len(command.name) <= 32
        assert 1 <= len(command.description) <= 256
    json.dumps([reply.toast, [shown.purpose for shown in reply.shown]])


def check_screen(screen, longest):
    text, _ = parse_text(screen.text, "HTML", None)
    assert text.strip()
    assert len(text.encode("utf-16-le")) // 2 <= longest
    check_markup(keyboard(screen))


@pytest.fixture(scope="module")
def town():
    made = Town()
    yield made
    made.tx.close()


def attachments():
    names = st.sampled_from(
        [None, *NAMES, "a" * 300, "../../etc/passwd", ".jpg", "x.heic", "\u202e"]
    )
    kinds = st.sampled_from(
        [None, "", "image/jpeg", "image/heic", "video/mp4", "a/b/c", "<b>", "🌸"]
    )
    sizes = st.sampled_from([None, 0, 1, -1, 20 * 1024 * 1024, 1 << 40])
    return st.builds(
        Attachment, st.sampled_from(["photo", "file"]), st.just("AgAC"), names, kinds, sizes
    )


def texts():
    anything = st.one_of(st.sampled_from(BAD), st.text(max_size=80), st.sampled_from(TEXTS))
    command = st.builds("{} {}".format, st.sampled_from(COMMANDS), anything)
    figures = st.builds("{}/{}".format, st.integers(), st.integers())
    return st.one_of(
        anything, st.sampled_from(COMMANDS), command, figures, st.integers(0, 9).map(str)
    )


def presses(town):
    real = [data for some in town.pressed.values() for _, data in some]
    bent = st.builds(
        bend,
        st.sampled_from(real), st.integers(2, 6), st.one_of(st.sampled_from(NUMBERS), st.text(max_size=9)),
    )  # fmt: skip
    junk = st.binary(max_size=64).map(lambda one: one.decode("utf-8", "replace"))
    cut = st.builds(lambda data, at: data[:at], st.sampled_from(real), st.integers(0, LIMIT))
    return st.one_of(st.sampled_from(real), bent, junk, cut, st.text(max_size=64))


def bend(data, place, value):
    """A real button with one argument replaced."""
    parts = data.split("|")
    parts[min(place, len(parts)) : place + 1] = [value]
    return "|".join(parts)


def inputs(town):
    return st.one_of(
        st.builds(lambda text: {"kind": "text", "text": text}, texts()),
        st.builds(lambda data: {"kind": "press", "data": data}, presses(town)),
        st.builds(lambda text: {"kind": "edit", "text": text}, texts()),
        st.builds(
            lambda one, text: {"kind": "attachment", "attachment": one, "text": text},
            attachments(), texts(),
        ),
        st.just({"kind": "unsupported"}),
    )  # fmt: skip


@settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_any_sequence_of_inputs_is_handled(town, data):
    letter = data.draw(st.sampled_from([*INSIDE, "E", "X", "s"]))
    inner = town.tx.begin_nested()
    try:
        for one in data.draw(st.lists(inputs(town), min_size=1, max_size=8)):
            town.do(letter, **one)
        town.check_outbox()
        assert town.do(letter, "text", "/start").shown
    finally:
        inner.rollback()


def test_every_button_with_a_changed_argument_is_handled(town):
    for some in town.pressed.values():
        letter, data = some[0]
        for place in range(2, data.count("|") + 2):
            for value in NUMBERS:
                inner = town.tx.begin_nested()
                town.do(letter, "press", data=bend(data, place, value))
                inner.rollback()


def test_every_bad_text_at_every_question_is_handled(town):
    """Each screen that accepts a text, reached as people reach it, and each bad text."""
    for action, some in sorted(town.pressed.items()):
        letter, data = some[0]
        if action in {"y.dely", "y.outy"}:
            continue
        inner = town.tx.begin_nested()
        town.do(letter, "press", data=data)
        for text in BAD[:: 1 if ROUTES[action].take_text is not None else 12]:
            once = town.tx.begin_nested()
            town.do(letter, "text", text)
            town.check_outbox()
            once.rollback()
        inner.rollback()


def test_every_bad_text_at_every_question_of_a_report_is_handled(town):
    inner = town.tx.begin_nested()
    town.do("R", "text", "/baocao")
    for number in range(1, 9):
        town.do("R", "text", f"sửa câu {number}")
        for text in BAD:
            once = town.tx.begin_nested()
            town.do("R", "text", text)
            town.do("R", "edit", text)
            assert town.do("R", "text", "/start").shown
            once.rollback()
    inner.rollback()


def test_a_long_name_fits_on_every_screen(town):
    """Every screen with names at their longest."""
    for letter, data in [one for some in town.pressed.values() for one in some[:2]]:
        inner = town.tx.begin_nested()
        town.do(letter, "press", data=data)
        inner.rollback()
