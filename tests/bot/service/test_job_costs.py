"""Scheduled work in a commune of 50 areas and 300 people: no unit of work takes more than
 40 statements.

The ticks go through two rounds of that commune, from the opening to the end, with all that can be
due: plans, changed dates, evenings, summaries, notices, an outage, what is swept. A statement is
one call of the driver; one that puts in many rows is one.
"""

import asyncio
import inspect
from collections import Counter
from datetime import timedelta
from functools import partial
from types import SimpleNamespace

import pytest
import sqlalchemy as sa

from bot.sending.sender import CLAIMED_AT_ONCE
from bot.service.clock import Clock
from bot.service.clock_watch import ClockWatch
from bot.service.contacts import Contacts
from bot.service.jobs import Jobs
from bot.settings import Settings
from criteria.schedule import Every, Schedule, periods
from criteria.sets.set_file import shipped_text
from handlers.conversation.shown_messages import store_delivered
from handlers.messages.claim import claim
from storage.evidence import evidence
from storage.evidence.evidence_files import new_name
from storage.messages import inbox, notices, outbox
from storage.messages.inbox import Update
from storage.people import people
from storage.personal_data import withdrawal
from storage.places import places
from storage.reminders import evenings
from storage.reports import reports
from storage.rounds import rounds, schedules
from tests.handlers.two_communes import HOUSE, NOW, SET, both

# Two months of a large commune on a busy machine.
pytestmark = pytest.mark.timeout(400)

MOST = 40
AREAS, MEMBERS = 50, 6
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# Units that cost more, with the reason.
EXCEPTIONS: dict[str, str] = {
    "forgetting.forget_withdrawn._deployment": "once in a life; it looks into every table with texts",
}


class Counted:
    """The database as the ticks use it, on one connection whose statements are counted.

    Not the real one: there, statements that are marked go past SQLAlchemy's events.
    """

    def __init__(self, tx):
        self.tx = tx
        self.statements = []
        self.costs = {}
        sa.event.listen(tx, "before_cursor_execute", self.count)

    def count(self, _connection, _cursor, statement, *_):
        self.statements.append(" ".join(statement.split()))

    async def write(self, work):
        self.statements.clear()
        done = work(self.tx)
        name = name_of(work)
        self.costs[name] = max(self.costs.get(name, []), [*self.statements], key=len)
        return done

    read = write

    async def scrub(self):
        """Nothing to do: there is no log file."""


def name_of(work):
    """Give the name of a unit of work: its function, or its line in the job."""
    if isinstance(work, partial):
        return work.func.__name__.strip("_")
    for inner in inspect.getclosurevars(work).nonlocals.values():
        if inspect.isfunction(inner):  # the unit of work
            return inner.__name__ if inner.__name__ != "<lambda>" else name_of(inner)
    code = work.__code__
    called = [one for one in code.co_names if one not in {"_clock", "_house"}]
    return ".".join(called) or code.co_name


class Commune:
    """The commune, its clock and its jobs; messages arrive unless sending is off."""

    def __init__(self, folder):
        self.both = both(AREAS, MEMBERS, counted=True)
        self.tx = self.both.tx
        self.database = Counted(self.tx)
        self.clock = Clock(NOW, ticking=False)
        self.watch = ClockWatch(self.clock)
        on_duty = asyncio.Event()
        on_duty.set()
        settings = Settings(_env_file=None, data_dir=folder, keep_rounds_years=1)
        self.ticks = Jobs(
            self.database,
            self,
            self.clock,
            HOUSE,
            settings,
            on_duty,
            self.watch,
            Contacts(
                self.database,
                self.clock,
                HOUSE,
                self.watch,
                {"telegram": SimpleNamespace(commune=None, unreached=None)},
            ),
        )
        self.commune = places.commune_by(self.tx, "kin")
        self.officer = self.both.people["O"][0]
        self.round = rounds.open_rounds(self.tx, self.commune.id, NOW)[0]
        self.kinds = Counter()

    def wake(self):
        """Check the outbox after each job."""

    async def go_on(self, span, step=HOUR, *, sending=True):
        """Run the jobs for this time."""
        end = self.clock.now() + span
        while self.clock.now() < end:
            self.clock.move_to(min(end, self.clock.now() + step))
            await self.tick(sending=sending)

    async def tick(self, *, sending=True):
        self.watch.dated(int(self.clock.now().timestamp()))
        await self.ticks.tick()
        if sending:
            await self.send()

    async def send(self):
        now = self.clock.now()
        for _ in range(400):
            work = partial(claim, now=now, limit=CLAIMED_AT_ONCE, deployment=HOUSE)
            claimed = await self.database.write(work)
            assert not claimed.bugs, claimed.bugs
            for row in claimed.to_send:
                self.kinds[row.kind] += 1
                outbox.finish(self.tx, row.id, "sent", now)
                if row.kind == "reminder":
                    store_delivered(self.tx, row, "1", now)
            due = outbox.next_due(self.tx)
            if due is None or due > now:
                return
        raise AssertionError("the outbox never gets empty")


async def live_through(here):
    """Two months with all scheduled work."""
    tx, now = here.tx, NOW
    whom = [one.person.id for one in people.people_of_commune(tx, here.commune.id, "reporter")]
    assert len(whom) >= 300
    for one in whom[::2]:
        evenings.choose(tx, one, now)
    made = notices.write_notice(
        tx, "all", "họp", now, by=here.officer, commune_id=here.commune.id, unit_id=None,
        count=len(whom),
    )  # fmt: skip
    outbox.enqueue_all(
        tx, [outbox.Draft(one, "written", "{}", now, notice_id=made) for one in whom], now
    )
    await here.tick()
    await here.go_on(3 * DAY)
    # The dates of the round are moved twice before the reminders of the day are sent.
    await here.go_on(15 * HOUR, sending=False)
    for one in outbox.claim(tx, here.clock.now() + DAY, 60):
        outbox.finish(tx, one.id, "dropped", here.clock.now(), "moved")
    for hours in (2, 1):
        closes = here.round.closes_at + hours * HOUR
        rounds.edit(tx, here.round.id, here.clock.now(), closes_at=closes)
        await here.go_on(HOUR, sending=False)
    # Nothing is sent all day; messages that come due at night wait for the morning.
    await here.go_on(20 * HOUR, sending=False)
    await here.send()
    await here.go_on(13 * DAY)
    # A planned round, a scheduled round, and an outage.
    begins = here.clock.now() + DAY
    rounds.open_round(
        tx, here.commune.id, "Kỳ sau", SET, shipped_text(SET), None, begins,
        begins + 10 * DAY, begins + 12 * DAY, here.clock.now(),
    )  # fmt: skip
    await here.go_on(3 * DAY)
    here.clock.move_to(here.clock.now() + 2 * DAY)
    await here.tick()
    await here.go_on(15 * DAY)
    monthly, today = Schedule(Every.MONTH, 1, 10), here.clock.now().date()
    opens = next(periods(monthly, today)).opens
    schedules.set_schedule(tx, here.commune.id, SET, monthly, opens, here.clock.now())
    await here.go_on((opens - today) + DAY)
    await sweep(here, whom)


async def sweep(here, whom):
    """Everything that is deleted after its time, much of it at once."""
    tx, now = here.tx, here.clock.now()
    inbox.take_in(tx, [Update("telegram", str(number), "1", "{}") for number in range(1200)], now)
    for number in range(1200):
        inbox.finish(tx, "telegram", str(number))
    report = reports.reports_of_round(tx, here.round.id)
    for one in list(report.values())[:30]:
        for _ in range(5):
            number = evidence.add_attachment(
                tx, one, "CQ3", kind="photo", reference="x", name="a.jpg", media_type=None,
                size=1, by=whom[0], now=now,
            )  # fmt: skip
            evidence.fetched(tx, number, new_name(), 1)
    for one in whom[:12]:
        withdrawal.withdraw(tx, one, now)
    for span in (31 * DAY, 100 * DAY, 800 * DAY):
        here.clock.move_to(now + span)
        here.watch.dated(int(here.clock.now().timestamp()))
        await here.ticks.drop_old()
        await here.ticks.look_for_sets()


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    made = Commune(tmp_path_factory.mktemp("data"))
    asyncio.run(live_through(made))
    yield made
    made.tx.close()


def test_no_unit_of_work_takes_more_than_forty_statements(here):
    dear = {
        name: (len(some), Counter(some).most_common(12))
        for name, some in here.database.costs.items()
        if len(some) > MOST
    }
    assert dear.keys() - EXCEPTIONS.keys() == set(), dear
    assert EXCEPTIONS.keys() - dear.keys() == set(), "no exception any more"


@pytest.mark.parametrize(
    ("work", "least"),
    [
        ("rounds_work", 4), ("reminders_work", 1), ("notices_work", 1), ("put_right_work", 1),
        ("store_result", 5), ("open_or_close", 5), ("open_by_schedule", 5), ("plan_round", 10),
        ("tell_writer", 3), ("outage_over", 5), ("claim", 10), ("forget_withdrawn", 20),
        ("remove_all", 3), ("retention.erase_some", 10), ("drop", 1), ("drop_old", 1), ("schedules_without_set", 1),
    ],
)  # fmt: skip
def test_every_kind_of_scheduled_work_was_done(here, work, least):
    assert max(len(some) for name, some in here.database.costs.items() if work in name) >= least


def test_messages_of_every_kind_were_sent(here):
    assert here.kinds["reminder"] > 3000
    assert here.kinds["written"] >= 300
    assert here.kinds["notice"] > 3
