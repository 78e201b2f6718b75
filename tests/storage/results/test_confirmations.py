"""The confirmation of a yes/no indicator by the office, stored with its author and history."""

from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.results import confirmations
from storage.results.confirmations import Confirmation
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, Sample, open_round, sample


def confirm(tx: Connection, s: Sample, round_: rounds.Round, code: str, *, answer: bool) -> None:
    confirmations.confirm(tx, round_, code, answer=answer, reason="đã họp", by=s.person.id, now=NOW)


async def test_each_round_and_indicator_has_its_own_confirmation(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        rounds.close_round(tx, s.round.id, NOW)
        later = open_round(tx, s.commune.id, "Sau", NOW)
        confirm(tx, s, s.round, "CQ3", answer=True)
        confirm(tx, s, later, "CQ3", answer=False)
        confirm(tx, s, later, "CQ4", answer=True)
        confirm(tx, s, later, "CQ3", answer=True)
        found = confirmations.confirmations_of_rounds(tx, [s.round.id, later.id, 999])
        assert {one: sorted(some) for one, some in found.items()} == {
            s.round.id: ["CQ3"], later.id: ["CQ3", "CQ4"], 999: [],
        }  # fmt: skip
        assert found[later.id]["CQ3"] == Confirmation("CQ3", True, "đã họp", s.person.id, NOW)
        assert confirmations.revoke(tx, later, "CQ3", by=s.other.id, now=NOW + DAY)
        assert sorted(confirmations.confirmations_of(tx, later.id)) == ["CQ4"]
        assert sorted(confirmations.confirmations_of(tx, s.round.id)) == ["CQ3"]

    await database.write(work)


async def test_a_changed_confirmation_is_recorded_with_the_one_before(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        confirm(tx, s, s.round, "CQ3", answer=True)
        confirm(tx, s, s.round, "CQ3", answer=False)
        confirmations.revoke(tx, s.round, "CQ3", by=s.other.id, now=NOW + DAY)
        entries = [e for e in history.history_of_round(tx, s.round.id) if e.what == "confirmation"]
        yes, no = ({"v": 1, "answer": one, "reason": "đã họp"} for one in (True, False))
        assert [(e.old, e.new, e.person_id, e.indicator) for e in entries] == [
            (None, yes, s.person.id, "CQ3"), (yes, no, s.person.id, "CQ3"),
            (no, None, s.other.id, "CQ3"),
        ]  # fmt: skip
        assert entries[-1].at == NOW + DAY

    await database.write(work)
