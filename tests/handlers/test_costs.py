"""The cost of one press in a commune of 50 areas and 300 people: at most 40 statements.

Every role of test_rights.py goes through every screen, in the same world
with a commune of that size. A statement is one call of the driver; one that puts in many rows is
one.
"""

from dataclasses import dataclass, field

import pytest
import sqlalchemy as sa

from handlers.conversation import dispatch
from handlers.flow.press import pack, unpack
from tests.handlers.test_rights import ACTIONS, OWN, forged
from tests.handlers.two_communes import FOREIGN, HOUSE, INSIDE, NOW, ShortWalk, both, coming

# The walk of a large commune on a busy machine.
pytestmark = pytest.mark.timeout(400)

MOST = 40  # statements of a press or a typed text
AREAS, MEMBERS, COMMUNES = 50, 6, 148
WHOLE_REPORT = "1: 350/400, 2: 5/5, 3 có, 4 có, 5: 250/300, 6: 9/10, 7 chưa, 8 có, gửi luôn"
# Actions that cost more, with the reason.
EXCEPTIONS: dict[str, str] = {
    "y.dely": "once in a life; it also looks for whoever became this person",
}


@dataclass
class Counted(ShortWalk):
    """A walk that counts the statements of each press and each text."""

    costs: dict[str, list[str]] = field(default_factory=dict)
    statements: list[str] = field(default_factory=list)

    def __post_init__(self):
        sa.event.listen(self.communes.tx, "before_cursor_execute", self.count)

    def end(self):
        sa.event.remove(self.communes.tx, "before_cursor_execute", self.count)

    def count(self, _connection, _cursor, statement, *_):
        self.statements.append(" ".join(statement.split()))

    def do(self, kind, what, step=None):
        """Perform one action; `step`: the screen on which it is typed."""
        self.statements.clear()
        reply = dispatch.handle(self.communes.tx, coming(self.letter, kind, what), NOW, HOUSE)
        statements = [*self.statements]
        self.communes.shown(reply)
        key = unpack(what).action if kind == "press" else f"{what} ({step})" if step else what
        self.costs[key] = max(self.costs.get(key, []), statements, key=len)
        return reply


@pytest.fixture(scope="module")
def costs():
    """The largest number of statements of each action, for any role."""
    communes = both(AREAS, MEMBERS - 1, COMMUNES - 2, counted=True)
    found = {}
    for letter in INSIDE:
        walk = Counted(communes, letter)
        walk.all()
        for data in (
            *(pack(action) for action in sorted(OWN)),
            *forged(communes),
            *beside_the_walk(communes),
        ):
            with communes.trying():
                walk.do("press", data)
        with communes.trying():
            in_one_message(walk)
        walk.end()
        for key, statements in walk.costs.items():
            found[key] = max(found.get(key, []), statements, key=len)
    yield found
    communes.tx.close()


def in_one_message(walk):
    """A whole report in one message, stored and sent at once: the most expensive press."""
    walk.do("text", "/baocao")
    reply = walk.do("text", WHOLE_REPORT)
    data = [b.data for one in reply.shown for row in one.screen.rows for b in row if b.data]
    for one in data[:1]:
        if unpack(one).action == "wr.ok":
            walk.do("press", one)


def beside_the_walk(communes):
    """Actions outside of the walk: the confirmation of a yes/no indicator, the desk's undo."""
    yield pack("v.undo", FOREIGN + 2, 1)
    yield from (pack(action, FOREIGN + 2, "CQ3") for action in ("conf", "confy", "confn"))


def test_no_press_and_no_text_takes_more_than_forty_statements(costs):
    dear = {key: len(some) for key, some in costs.items() if len(some) > MOST}
    assert dear.keys() - EXCEPTIONS.keys() == set(), dear
    assert EXCEPTIONS.keys() - dear.keys() == set(), "no exception any more"


def test_every_action_was_counted(costs):
    assert ACTIONS - costs.keys() == set()


def test_a_whole_report_was_stored(costs):
    assert sum(one.startswith("INSERT INTO answers") for one in costs["wr.ok"]) > len("some")


@pytest.mark.parametrize("action", ["v.all", "m.rmovey", "m.rcany", "r.nudge", "v.list", "s.why"])
def test_actions_of_everybody_were_done_and_not_refused(costs, action):
    assert len(costs[action]) > 10
