"""A round at any past instant: the counted answers, confirmations, and states of reports."""

from datetime import timedelta

from sqlalchemy import Connection

from criteria.answers import Ratio, YesNo
from criteria.scoring import ConfirmedAnswer
from storage.engine.database import Database
from storage.evidence import evidence
from storage.reports import on_behalf, reports
from storage.results import confirmations, current_facts
from storage.results.earlier_facts import past_round
from tests.storage.sample import NOW, Sample, sample

HOUR = timedelta(hours=1)


class Course:
    """One report with a change every hour."""

    def __init__(self, tx: Connection, s: Sample, unit: int) -> None:
        self.tx, self.s, self.unit = tx, s, s.areas[unit].id
        self.hours = 0
        self.step(lambda now: reports.start_report(tx, s.round.id, self.unit, now))

    def step(self, work) -> None:
        work(NOW + self.hours * HOUR)
        self.hours += 1

    @property
    def report(self) -> reports.Report:
        return reports.report_of(self.tx, self.s.round.id, self.unit)

    def put(self, code: str, value, way: str = "text") -> None:
        self.step(
            lambda now: reports.put_answer(
                self.tx, self.report, code, value, by=self.s.person.id, way=way, now=now
            )
        )

    def send(self) -> None:
        self.step(
            lambda now: reports.send_report(
                self.tx, self.report, by=self.s.person.id, now=now, deadline=self.s.round.deadline
            )
        )

    def give_back(self, *codes: str) -> None:
        self.step(
            lambda now: reports.return_report(
                self.tx, self.report, list(codes), "xem lại", by=None, now=now
            )
        )

    def accept(self) -> None:
        self.step(lambda now: reports.accept_report(self.tx, self.report, by=None, now=now))


def told(tx: Connection, s: Sample, unit: int, hours: int) -> list[tuple[str | None, dict]]:
    """The state and the counted answers of one unit, hour by hour."""
    found = []
    for hour in range(hours):
        past = past_round(tx, s.round.id, NOW + hour * HOUR)
        assert past.at == NOW + hour * HOUR
        counted = {code: value for (of, code), value in past.counted.items() if of == unit}
        found.append((past.states.get(unit), counted))
    return found


async def test_the_state_of_each_past_hour_is_reconstructed(database: Database) -> None:
    one, two = Ratio(1, 9), Ratio(2, 9)
    yes = YesNo(yes=True)

    def work(tx: Connection) -> None:
        s = sample(tx)
        c = Course(tx, s, 0)
        c.put("HT1", one)
        c.put("KT1", None)
        c.send()
        c.put("CQ3", yes)
        c.accept()
        c.put("CQ3", YesNo(yes=False))
        c.give_back("HT1", "KT2")
        c.put("HT1", two)
        c.put("KT2", one)
        c.put("CQ3", yes, way="office")
        c.put("HT1", one, way="office")
        c.give_back("CQ3")
        c.send()
        no = YesNo(yes=False)
        assert told(tx, s, c.unit, c.hours) == [
            ("draft", {}), ("draft", {}), ("draft", {}), ("sent", {"HT1": one}),
            ("sent", {"HT1": one, "CQ3": yes}), ("accepted", {"HT1": one, "CQ3": yes}),
            ("sent", {"HT1": one, "CQ3": no}), ("returned", {"CQ3": no}),
            ("returned", {"CQ3": no}), ("returned", {"CQ3": no}), ("returned", {"CQ3": yes}),
            ("returned", {"HT1": one, "CQ3": yes}), ("returned", {"HT1": one, "CQ3": yes}),
            ("sent", {"HT1": one, "CQ3": yes, "KT2": one}),
        ]  # fmt: skip
        present = current_facts.counted_values(tx, s.round.id)
        assert past_round(tx, s.round.id, NOW + c.hours * HOUR).counted == present

    await database.write(work)


async def test_each_unit_has_its_own_past(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second = Course(tx, s, 0), Course(tx, s, 1)
        for course, value in ((first, Ratio(1, 9)), (second, Ratio(2, 9))):
            course.put("HT1", value)
            course.send()
        first.give_back("HT1")
        past = past_round(tx, s.round.id, NOW + 9 * HOUR)
        assert past.counted == {(second.unit, "HT1"): Ratio(2, 9)}
        assert past.states == {first.unit: "returned", second.unit: "sent"}
        reports.clear_answer(tx, second.report, "HT1", by=None, way="text", now=NOW + 3 * HOUR)
        assert past_round(tx, s.round.id, NOW + 9 * HOUR).counted == {}
        assert past_round(tx, s.round.id, NOW + 2 * HOUR).counted != {}

    await database.write(work)


async def test_a_past_confirmation_holds_from_its_time_until_its_revocation(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        for hour, answer in ((1, True), (2, False)):
            confirmations.confirm(
                tx, s.round, "CQ3", answer=answer, reason=f"lần {hour}", by=None,
                now=NOW + hour * HOUR,
            )  # fmt: skip
        confirmations.confirm(
            tx, s.round, "CQ4", answer=True, reason="có", by=None, now=NOW + 2 * HOUR
        )
        confirmations.revoke(tx, s.round, "CQ3", by=None, now=NOW + 3 * HOUR)
        word = ConfirmedAnswer(True, "có")
        assert [past_round(tx, s.round.id, NOW + hour * HOUR).confirmed for hour in range(4)] == [
            {}, {"CQ3": ConfirmedAnswer(True, "lần 1")},
            {"CQ3": ConfirmedAnswer(False, "lần 2"), "CQ4": word}, {"CQ4": word},
        ]  # fmt: skip

    await database.write(work)


async def test_history_entries_of_other_kinds_do_not_change_the_past(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        c = Course(tx, s, 0)
        c.put("HT1", Ratio(1, 9), way="office")
        c.send()
        c.accept()
        late = NOW + c.hours * HOUR
        before = past_round(tx, s.round.id, late)
        evidence.add_link(tx, c.report, "HT1", "https://a.vn", by=None, now=late)
        reports.set_counting_method(tx, c.report, "HT1", "books", by=None, way="button", now=late)
        on_behalf.store_area_confirmation(
            tx, c.report, right=True, asked_at=late, indicator=None, by=s.person.id, now=late
        )
        assert past_round(tx, s.round.id, late) == before
        assert before.states == {c.unit: "accepted"}

    await database.write(work)
