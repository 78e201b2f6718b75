"""Evidence: what a report has, what must still be fetched, what must be deleted."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection

from storage import history
from storage.engine.database import Database
from storage.evidence import evidence, evidence_totals
from storage.evidence.evidence_totals import Total
from storage.fetching import ToFetch
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds
from tests.storage.sample import DAY, NOW, Sample, open_round, sample

HOUR = timedelta(hours=1)


def photo(tx: Connection, report: reports.Report, by: int, **more: object) -> int:
    usual: dict[str, object] = {
        "kind": "photo", "reference": "AgAC", "name": "khu.jpg", "media_type": "image/jpeg",
        "size": 100, "by": by, "now": NOW,
    }  # fmt: skip
    return evidence.add_attachment(tx, report, "CQ3", **(usual | more))


def report_of(tx: Connection, s: Sample, unit: int = 0) -> reports.Report:
    return reports.start_report(tx, s.round.id, s.areas[unit].id, NOW)


@pytest.mark.parametrize(
    ("after", "due"),
    [
        (timedelta(0), True), (timedelta(seconds=1), False), (HOUR, False),
        (HOUR + timedelta(seconds=1), True),  # a pause is never so long: the clock was wrong
        (-DAY, True),
    ],
)  # fmt: skip
def test_a_piece_of_evidence_is_due_when_its_pause_is_over(after: timedelta, due: bool) -> None:
    one = ToFetch(1, "AgAC", NOW, 0, NOW + after, 0)
    assert one.due(NOW) is due


async def test_evidence_is_stored_with_its_history(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = report_of(tx, s)
        one = evidence.piece(tx, photo(tx, report, s.person.id))
        assert (one.report_id, one.indicator, one.kind) == (report.id, "CQ3", "photo")
        assert (one.original_name, one.media_type, one.size) == ("khu.jpg", "image/jpeg", 100)
        assert (one.given_by, one.given_at, one.fetch_tries) == (s.person.id, NOW, 0)
        assert (one.path, one.link, one.channel_reference) == (None, None, "AgAC")
        entry = history.history_of_unit(tx, s.areas[0].id, limit=1)[0]
        assert (entry.what, entry.indicator, entry.report_id) == ("evidence", "CQ3", report.id)
        assert entry.new == {"v": 1, "id": one.id, "kind": "photo"}
        evidence.remove(tx, one.id, by=s.other.id, now=NOW, way="clock")
        entry = history.history_of_unit(tx, s.areas[0].id, limit=1)[0]
        assert (entry.way, entry.person_id, entry.old) == (
            "clock", s.other.id, {"v": 1, "id": one.id, "kind": "photo"},
        )  # fmt: skip
        assert evidence.piece(tx, one.id) is None
        assert evidence.remove(tx, 999, by=None, now=NOW) is None

    await database.write(work)


async def test_a_link_does_not_count_as_a_photo_or_file(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = report_of(tx, s)
        evidence.add_link(tx, report, "CQ3", "https://a.vn", by=s.person.id, now=NOW)
        assert not evidence.gave_any(tx, s.person.id)
        photo(tx, report, s.person.id)
        assert evidence.gave_any(tx, s.person.id)
        assert not evidence.gave_any(tx, s.other.id)

    await database.write(work)


async def test_fetch_tries_and_openings_are_counted(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        number = photo(tx, report_of(tx, s), s.person.id)
        (row,) = evidence.TO_FETCH.to_fetch(tx, 9)
        assert (row.tries, row.openings) == (0, 0)
        evidence.TO_FETCH.count_opening(tx, row)
        (row,) = evidence.TO_FETCH.to_fetch(tx, 9)
        assert (row.tries, row.openings) == (0, 1)
        evidence.TO_FETCH.failed(tx, row, NOW + HOUR)
        (row,) = evidence.TO_FETCH.to_fetch(tx, 9)
        assert (row.tries, row.openings, row.after) == (1, 1, NOW + HOUR)
        evidence.TO_FETCH.later(tx, row, NOW + DAY)
        (row,) = evidence.TO_FETCH.to_fetch(tx, 9)
        assert (row.tries, row.after) == (1, NOW + DAY)
        assert evidence.fetched(tx, number, "evidence/ab/cd", 90)
        assert not evidence.fetched(tx, number, "evidence/ab/ef", 91)  # another worker was first
        one = evidence.piece(tx, number)
        assert (one.path, one.size, one.channel_reference) == ("evidence/ab/cd", 90, None)
        assert (one.original_name, one.media_type) == ("khu.jpg", "image/jpeg")

    await database.write(work)


async def test_the_real_type_of_a_file_is_stored(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        number = photo(tx, report_of(tx, s), s.person.id)
        evidence.fetched(tx, number, "evidence/ab/cd", 90, "image/webp", "khu.webp", "5e")
        one = evidence.piece(tx, number)
        assert (one.media_type, one.original_name) == ("image/webp", "khu.webp")
        assert evidence.files(tx) == [
            evidence.EvidenceFile("evidence/ab/cd", 90, "5e", wanted=True)
        ]
        assert evidence.named(tx, ["evidence/ab/cd", "evidence/no"]) == {"evidence/ab/cd"}

    await database.write(work)


async def test_the_file_of_removed_evidence_is_deleted_once(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        report = report_of(tx, s)
        stays, gone, unfetched = (photo(tx, report, s.person.id) for _ in range(3))
        evidence.fetched(tx, stays, "evidence/b", 1)
        evidence.fetched(tx, gone, "evidence/a", 1)
        assert evidence.files_to_delete(tx) == []
        assert evidence.remove(tx, gone, by=None, now=NOW) == "evidence/a"
        assert evidence.remove(tx, unfetched, by=None, now=NOW) is None
        assert evidence.files_to_delete(tx) == [(gone, "evidence/a")]
        assert [(one.path, one.wanted) for one in evidence.files(tx)] == [
            ("evidence/a", False), ("evidence/b", True),
        ]  # fmt: skip
        evidence.file_deleted(tx, gone)
        assert evidence.files_to_delete(tx) == []
        assert evidence.TO_FETCH.to_fetch(tx, 9) == []

    await database.write(work)


async def test_the_evidence_of_a_round_is_counted(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second = report_of(tx, s), report_of(tx, s, 1)
        late, gone = photo(tx, first, s.person.id), photo(tx, first, s.person.id, size=7)
        photo(tx, second, s.other.id, size=None, now=NOW + HOUR)
        evidence.add_link(tx, second, "HT1", "https://a.vn", by=s.other.id, now=NOW)
        row = next(one for one in evidence.TO_FETCH.to_fetch(tx, 9) if one.id == late)
        evidence.TO_FETCH.failed(tx, row, NOW + HOUR)
        evidence.remove(tx, gone, by=None, now=NOW)
        assert evidence.evidence_counts_of_round(tx, s.round.id) == {
            first.id: {"CQ3": (1, 1)}, second.id: {"CQ3": (1, 0), "HT1": (1, 0)},
        }  # fmt: skip
        assert [(e.indicator, e.report_id) for e in evidence.evidence_of_round(tx, s.round.id)] == [
            ("CQ3", first.id), ("CQ3", second.id), ("HT1", second.id),
        ]  # fmt: skip
        assert evidence_totals.of_round(tx, s.round.id) == Total(3, 100)
        assert evidence_totals.given_by(tx, s.person.id, NOW) == Total(2, 107)
        assert evidence_totals.given_by(tx, s.other.id, NOW) == Total(2, 0)
        assert evidence_totals.given_by(tx, s.other.id, NOW + HOUR) == Total(1, 0)
        assert evidence_totals.given_by(tx, s.other.id, NOW + 2 * HOUR) == Total(0, 0)
        assert evidence_totals.of_open_rounds(tx) == [
            evidence_totals.RoundTotal("Xã Đồi Chè", "Tháng 11", Total(3, 100))
        ]
        assert evidence_totals.backlog(tx) == evidence_totals.Backlog(2, 1, NOW)
        rounds.close_round(tx, s.round.id, NOW)
        assert evidence_totals.of_open_rounds(tx) == []

    await database.write(work)


async def test_evidence_is_kept_for_a_time_after_its_round(database: Database) -> None:
    def given(tx: Connection, round_: rounds.Round, unit: int, person: int) -> int:
        return photo(tx, reports.start_report(tx, round_.id, unit, NOW), person)

    def work(tx: Connection) -> None:
        s = sample(tx)
        unit = s.areas[0].id
        closed = given(tx, s.round, unit, s.person.id)
        end = rounds.close_round(tx, s.round.id, NOW).closes_at
        second = open_round(tx, s.commune.id, "Sau", NOW)
        cancelled = given(tx, second, unit, s.person.id)
        rounds.cancel_round(tx, second.id, "nhầm", NOW)
        given(tx, open_round(tx, s.commune.id, "Cuối", NOW), unit, s.person.id)

        def outlived(before: datetime, **more: int) -> list[int]:
            return evidence.past_retention(tx, before, **more)

        assert outlived(end) == []
        assert outlived(end + timedelta(seconds=1)) == [closed]
        assert outlived(NOW + 99 * DAY) == [closed, cancelled]
        assert outlived(NOW + 99 * DAY, limit=1) == [closed]
        evidence.remove(tx, closed, by=None, now=NOW)
        assert outlived(NOW + 99 * DAY) == [cancelled]

    await database.write(work)


async def test_evidence_that_is_due_longest_is_fetched_first(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        places.set_figure(tx, s.areas[0].id, "adults", 4, NOW, way="import")
        report = report_of(tx, s)
        one, two, three = (photo(tx, report, s.person.id) for _ in range(3))
        rows = {row.id: row for row in evidence.TO_FETCH.to_fetch(tx, 9)}
        evidence.TO_FETCH.later(tx, rows[one], NOW + HOUR)
        evidence.TO_FETCH.later(tx, rows[three], NOW - HOUR)
        evidence.TO_FETCH.later(tx, rows[two], NOW)
        assert [row.id for row in evidence.TO_FETCH.to_fetch(tx, 9)] == [three, two, one]
        assert [row.id for row in evidence.TO_FETCH.to_fetch(tx, 2)] == [three, two]

    await database.write(work)


async def test_several_pieces_are_removed_at_once_each_with_its_history(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second = report_of(tx, s), report_of(tx, s, 1)
        one, gone, two = (photo(tx, report, s.person.id) for report in (first, first, second))
        stays = evidence.add_link(tx, second, "HT1", "https://a.vn", by=None, now=NOW)
        evidence.remove(tx, gone, by=s.person.id, now=NOW)
        evidence.remove_all(tx, [one, gone, two], by=None, now=NOW + DAY, way="clock")
        evidence.remove_all(tx, [], by=None, now=NOW, way="clock")
        left = [*evidence.evidence_of(tx, first.id), *evidence.evidence_of(tx, second.id)]
        assert [piece.id for piece in left] == [stays]
        removed = [
            (entry.old["id"], entry.way, entry.at, entry.report_id, entry.unit_id)
            for entry in history.history_of_round(tx, s.round.id)
            if entry.what == "evidence" and entry.old
        ]
        assert removed == [
            (gone, "button", NOW, first.id, s.areas[0].id),
            (one, "clock", NOW + DAY, first.id, s.areas[0].id),
            (two, "clock", NOW + DAY, second.id, s.areas[1].id),
        ]

    await database.write(work)
