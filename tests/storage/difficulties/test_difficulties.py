"""The states of a difficulty: open, passed up, answered, settled; each step is in the history."""

from sqlalchemy import Connection

from storage import history
from storage.difficulties import difficulties, difficulty_photos
from storage.engine.database import Database
from storage.places import places
from tests.storage.sample import DAY, NOW, Sample, sample


def raised(tx: Connection, s: Sample, text: str = "mất sóng") -> difficulties.Difficulty:
    made = difficulties.raise_difficulty(
        tx, commune_id=s.commune.id, round_id=s.round.id, unit_id=s.areas[0].id, indicator="HT1",
        text=text, photo="AgAC", by=s.person.id, now=NOW, way="button",
    )  # fmt: skip
    return difficulties.difficulty_by_id(tx, made)


async def test_a_difficulty_is_stored_word_for_word(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        one = raised(tx, s)
        assert (one.commune_id, one.round_id, one.unit_id) == (
            s.commune.id, s.round.id, s.areas[0].id,
        )  # fmt: skip
        assert (one.indicator, one.text, one.photo) == ("HT1", "mất sóng", "AgAC")
        assert (one.raised_by, one.raised_at, one.state) == (s.person.id, NOW, "open")
        assert difficulties.difficulty_by_id(tx, 999) is None
        entry = history.history_of_unit(tx, s.areas[0].id, limit=1)[0]
        assert (entry.what, entry.way, entry.person_id) == ("difficulty", "button", s.person.id)
        assert (entry.old, entry.new) == (None, {"v": 1, "id": one.id, "state": "open"})

    await database.write(work)


async def test_passing_a_difficulty_up_removes_the_answer_until_a_new_one_comes(
    database: Database,
) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        answered = difficulties.answer(
            tx, raised(tx, s), "đã báo Viettel", by=s.other.id, now=NOW + DAY
        )
        assert (answered.state, answered.answer) == ("answered", "đã báo Viettel")
        assert (answered.answered_by, answered.answered_at) == (s.other.id, NOW + DAY)
        up = difficulties.pass_up(tx, answered, by=s.other.id, now=NOW + 2 * DAY)
        assert (up.state, up.answer, up.answered_by, up.answered_at) == (
            "passed_up", None, None, None,
        )  # fmt: skip
        assert (up.passed_up_by, up.passed_up_at) == (s.other.id, NOW + 2 * DAY)
        again = difficulties.answer(tx, up, "sẽ dựng trạm", by=s.person.id, now=NOW + 3 * DAY)
        assert again.state == "answered"
        assert difficulties.difficulty_by_id(tx, again.id) == again
        assert difficulties.settle(tx, again.id, NOW + 4 * DAY, by=s.other.id)
        settled = difficulties.difficulty_by_id(tx, again.id)
        assert (settled.state, settled.settled_at) == ("settled", NOW + 4 * DAY)
        entries = history.history_of_unit(tx, s.areas[0].id, limit=5)
        assert [(e.old and e.old["state"], e.new["state"]) for e in entries] == [
            ("answered", "settled"), ("passed_up", "answered"), ("answered", "passed_up"),
            ("open", "answered"), (None, "open"),
        ]  # fmt: skip

    await database.write(work)


async def test_a_newer_photo_replaces_the_one_before(database: Database) -> None:
    def work(tx: Connection) -> None:
        one = raised(tx, sample(tx))
        changed = difficulties.add_photo(tx, one, "AgAD", by=one.raised_by, now=NOW)
        assert changed.photo == "AgAD"
        assert difficulties.difficulty_by_id(tx, one.id) == changed

    await database.write(work)


async def test_a_photo_is_fetched_kept_and_deleted_and_a_kept_one_is_not_replaced(
    database: Database,
) -> None:
    name = "evidence/ab/ab" + "0" * 30

    def work(tx: Connection) -> None:
        one = raised(tx, sample(tx))
        (waiting,) = difficulty_photos.TO_FETCH.to_fetch(tx, 9)
        assert (waiting.id, waiting.reference, waiting.given_at) == (one.id, "AgAC", NOW)
        difficulty_photos.TO_FETCH.failed(tx, waiting, NOW + DAY)
        difficulty_photos.TO_FETCH.count_opening(tx, waiting)
        difficulties.add_photo(tx, one, "AgAD", by=one.raised_by, now=NOW)
        assert not difficulty_photos.store_name(tx, waiting, name)  # another took its place
        assert not difficulty_photos.drop(tx, waiting)
        difficulty_photos.TO_FETCH.failed(tx, waiting, NOW + DAY)  # the count is the first one's
        (waiting,) = difficulty_photos.TO_FETCH.to_fetch(tx, 9)
        assert (waiting.tries, waiting.openings, waiting.after) == (0, 0, NOW)
        assert difficulty_photos.store_name(tx, waiting, name)
        assert difficulty_photos.TO_FETCH.to_fetch(tx, 9) == []
        assert difficulty_photos.names(tx) == [(name, True)]
        assert difficulties.add_photo(tx, one, "AgAE", by=one.raised_by, now=NOW).photo == name
        assert difficulty_photos.past_retention(tx, NOW + 99 * DAY) == []  # the round is open
        difficulty_photos.remove(tx, [one.id])
        difficulty_photos.remove(tx, [one.id])
        assert difficulties.difficulty_by_id(tx, one.id).photo is None
        assert difficulty_photos.names(tx) == [(name, False)]
        assert difficulty_photos.to_delete(tx) == [(one.id, name)]
        assert difficulty_photos.TO_FETCH.to_fetch(tx, 9) == []
        difficulty_photos.deleted(tx, one.id)
        assert difficulty_photos.names(tx) == []

    await database.write(work)


async def test_each_role_sees_the_difficulties_that_it_must_handle(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        elsewhere = places.add_commune(tx, "khac", "Xã Khác")
        difficulties.raise_difficulty(
            tx, commune_id=elsewhere.id, text="máy hỏng", by=s.person.id, now=NOW
        )
        first, second, third = (raised(tx, s, text) for text in ("một", "hai", "ba"))
        difficulties.pass_up(tx, third, by=s.other.id, now=NOW)
        up = difficulties.pass_up(tx, second, by=s.other.id, now=NOW)
        open_ = [one.id for one in difficulties.open_difficulties(tx, s.commune.id)]
        assert open_ == [first.id, second.id, third.id]
        both = [s.commune.id, elsewhere.id]
        assert [one.id for one in difficulties.passed_up(tx, both)] == [second.id, third.id]
        assert difficulties.passed_up(tx, [elsewhere.id]) == []
        difficulties.answer(tx, up, "đã xong", by=s.other.id, now=NOW)
        assert [one.id for one in difficulties.passed_up(tx, both)] == [third.id]
        difficulties.settle(tx, third.id, NOW)
        assert difficulties.passed_up(tx, both) == []
        assert not difficulties.settle(tx, 999, NOW)

    await database.write(work)


async def test_the_open_ones_of_a_past_instant_are_shown_as_they_stood(database: Database) -> None:
    def work(tx: Connection) -> None:
        s = sample(tx)
        first, second = raised(tx, s), raised(tx, s, "mất điện")
        difficulties.pass_up(tx, first, by=s.other.id, now=NOW + DAY)
        up = difficulties.difficulty_by_id(tx, first.id)
        difficulties.answer(tx, up, "đã có người đi sửa", by=s.other.id, now=NOW + 2 * DAY)
        difficulties.settle(tx, second.id, NOW + 2 * DAY, by=s.other.id)
        last = difficulties.difficulty_by_id(tx, first.id)

        def at(when):
            return difficulties.open_difficulties_at(tx, s.commune.id, when)

        assert at(NOW - DAY) == []
        assert at(NOW) == [first, second]
        assert at(NOW + DAY) == [up, second]
        assert at(NOW + 2 * DAY) == [last]
        assert at(NOW + 9 * DAY) == [last]
        assert difficulties.open_difficulties_at(tx, s.commune.id + 1, NOW) == []
        difficulties.settle(tx, first.id, NOW + 3 * DAY, by=s.other.id)
        (then,) = at(NOW + 2 * DAY)
        assert (then.settled_at, then.answer) == (None, "đã có người đi sửa")
        assert at(NOW + 3 * DAY) == []

    await database.write(work)
