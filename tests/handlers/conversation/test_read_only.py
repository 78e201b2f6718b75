"""Screens built on a read-only connection equal those that `dispatch` shows."""

from dataclasses import dataclass, field, replace

import pytest

from handlers.conversation import dispatch, read_only
from handlers.flow.channel import Reply
from handlers.flow.press import pack
from storage.messages import inbox
from storage.messages.inbox import Update
from tests.handlers.two_communes import (
    FOREIGN,
    HOUSE,
    INSIDE,
    NOW,
    PLACES_OF_TALK,
    ShortWalk,
    both,
    coming,
    words,
)
from tests.storage.sample import reach

ROUND = FOREIGN + 2
STATUS = pack("s.full", ROUND)


@pytest.fixture(scope="module")
def communes():
    made = both()
    yield made
    made.tx.close()


@dataclass
class Compared(ShortWalk):
    """A walk that builds each read-only screen in both ways."""

    looked_at: set[str] = field(default_factory=set)

    def do(self, kind, what, step=None):
        communes, incoming = self.communes, coming(self.letter, kind, what)
        if not read_only.reads(incoming):
            return super().do(kind, what, step)
        with communes.trying():
            usual = dispatch.handle(communes.tx, incoming, NOW, HOUSE)
            kept = talk(communes)
        looked = look(communes, incoming)
        if looked is not None:
            self.looked_at.add(what.partition(" ")[0] if kind == "text" else what.split("|")[1])
            with communes.trying():
                assert read_only.finish(communes.tx, incoming, looked, NOW, HOUSE) == usual, what
                assert talk(communes) == kept, what
        return super().do(kind, what, step)


def look(communes, incoming):
    communes.raw.execute("PRAGMA query_only=ON")
    try:
        return read_only.look(communes.tx, incoming, NOW, HOUSE)
    finally:
        communes.raw.execute("PRAGMA query_only=OFF")


def talk(communes):
    return {
        name: communes.raw.execute(f'SELECT * FROM "{name}"').fetchall()
        for name in sorted(PLACES_OF_TALK)
    }


@pytest.mark.parametrize("letter", INSIDE)
def test_a_reader_builds_and_stores_the_same_screen_as_the_writer(communes, letter):
    walk = Compared(communes, letter)
    walk.all()
    assert len(walk.looked_at) > 15
    if letter == "O":
        assert {
            "/status", "/visao", "/lichsu", "st", "s.areas", "v.list", "v.one",
            "m.people",
        } <= walk.looked_at  # fmt: skip


def test_a_reader_does_not_handle_answers():
    for kind, what in (
        ("text", "340/400"), ("text", "/baocao"), ("text", "/start"), ("text", "theo khu"),
        ("press", pack("yes", 1, "CQ3", 1)), ("press", pack("v.all", ROUND)), ("press", "x"),
    ):  # fmt: skip
        assert not read_only.reads(coming("O", kind, what))


def test_a_person_whose_role_has_just_ended_is_not_shown_the_screen(communes):
    with communes.trying():
        looked = look(communes, coming("O", "press", STATUS))
        communes.left_after("O")
        reply = read_only.finish(communes.tx, coming("O", "press", STATUS), looked, NOW, HOUSE)
    assert "Kỳ này Kín" not in words(reply)


def test_a_person_who_has_just_left_is_not_shown_the_screen(communes):
    with communes.trying():
        looked = look(communes, coming("O", "press", STATUS))
        communes.tx.exec_driver_sql("DELETE FROM addresses WHERE chat = 'O'")
        reply = read_only.finish(communes.tx, coming("O", "press", STATUS), looked, NOW, HOUSE)
    assert "Kín" not in words(reply)


def test_strangers_and_unreachable_people_are_left_to_the_writer(communes):
    with communes.trying():
        assert look(communes, coming("s", "text", "/status")) is None
        person, _ = communes.people["O"]
        reach(communes.tx, person, False, NOW)
        assert look(communes, coming("O", "text", "/status")) is None


def test_an_update_is_done_with_its_screen_and_only_once(communes):
    incoming = replace(coming("O", "press", STATUS), update="7")
    with communes.trying():
        inbox.take_in(communes.tx, [Update("telegram", "7", "O", "{}")], NOW)
        looked = look(communes, incoming)
        first = read_only.finish(communes.tx, incoming, looked, NOW, HOUSE)
        assert "Kín" in words(first)
        assert inbox.waiting(communes.tx, limit=9) == []
        assert read_only.finish(communes.tx, incoming, looked, NOW, HOUSE) == Reply()
