"""What one answer costs: at most 13 statements typed and 11 pressed, and none of them twice.

Counted with the one that finds the update in the inbox and marks it done; in a commune of 150 areas.
"""

from collections import Counter
from dataclasses import replace
from itertools import count

import pytest
import sqlalchemy as sa

from handlers.conversation import dispatch
from handlers.flow.press import unpack
from storage.messages import inbox
from storage.messages.inbox import Update
from tests.handlers.two_communes import HOUSE, NOW, both, buttons, coming

TYPED, PRESSED = 13, 11
AREAS = 150


class Counting:
    """A commune whose reporter R writes and presses, with the statements of each update."""

    def __init__(self, areas):
        self.communes = both(areas, counted=True)
        self.numbers = count(1)
        self.statements = []
        sa.event.listen(self.communes.tx, "before_cursor_execute", self.count)

    def count(self, _connection, _cursor, statement, parameters, *_):
        self.statements.append((" ".join(statement.split()), repr(parameters)))

    def do(self, kind, what):
        """One update of R, and the buttons of what is shown then."""
        tx, number = self.communes.tx, str(next(self.numbers))
        inbox.take_in(tx, [Update("telegram", number, "R", "{}")], NOW)
        update = replace(coming("R", kind, what), update=number, message=number)
        self.statements.clear()
        reply = dispatch.handle(tx, update, NOW, HOUSE)
        found = [*self.statements]
        self.communes.shown(reply)
        return buttons(reply), found


@pytest.fixture(scope="module")
def large():
    made = Counting(AREAS)
    yield made
    made.communes.tx.close()


@pytest.fixture
def commune(large):
    """The same commune for each test, at the first question of R's report."""
    with large.communes.trying():
        large.do("text", "/baocao")
        yield large


def cheap(found, most):
    doubled = [statement for statement, times in Counter(found).items() if times > 1]
    assert doubled == []
    assert len(found) <= most, [statement for statement, _ in found]


def wrote(found):
    return any(statement.startswith("INSERT INTO answers") for statement, _ in found)


@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        (["350/400"], True),
        (["350/400", "5/5"], False),  # not to a question of yes or no
        (["350/400", "có"], True),  # the caption of a button
        (["350/400", "có rồi ạ"], True),
        (["350/400", "có", "không rõ lắm"], True),  # "chưa biết"
        (["350/400", "có", "gì thế nhỉ"], False),
        (["350/400", "bỏ qua"], False),
        (["để sau"], False),
    ],
)
def test_a_typed_answer_takes_few_statements(commune, texts, answers):
    for text in texts:
        _, found = commune.do("text", text)
        cheap(found, TYPED)
    assert wrote(found) == answers


@pytest.mark.parametrize("action", ["skip", "info", "more", "back", "yes", "no"])
def test_a_press_takes_few_statements(commune, action):
    seen, found = commune.do("text", "350/400")
    if action not in {unpack(one).action for one in seen}:
        seen, _ = commune.do("press", next(one for one in seen if unpack(one).action == "info"))
    data = next(one for one in seen if unpack(one).action == action)
    _, found = commune.do("press", data)
    cheap(found, PRESSED)
    assert wrote(found) == (action in {"yes", "no"})


@pytest.mark.parametrize("text", ["/start", "/baocao"])
def test_the_start_takes_no_more_statements_with_many_areas(large, text):
    few = Counting(3)
    with large.communes.trying():
        assert len(large.do("text", text)[1]) == len(few.do("text", text)[1])
    few.communes.tx.close()
