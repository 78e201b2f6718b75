"""Texts of a commune: stored without telephone numbers, masked only when a person is forgotten."""

import json
import sqlite3
from contextlib import closing

import pytest
import sqlalchemy as sa

from storage.column_types import FreeTextType
from storage.conversations import asks
from storage.difficulties import difficulties
from storage.engine.database import Database
from storage.engine.snapshots import url_of
from storage.people import people
from storage.personal_data import unmasked_texts, withdrawal
from storage.personal_data.free_texts import TEXTS
from storage.reports import reports
from storage.results import confirmations
from storage.rounds import rounds
from storage.tables import history as history_table
from storage.tables import maskings, metadata, outbox
from tests.outbox import enqueue
from tests.storage.sample import NOW, person, sample

NAME = "Trần Thị Bưởi"
NOTE = f"Hỏi lại cô Bưởi ({NAME}), 0912 345 678"
MASKED = "Hỏi lại … (…), …"


def test_every_free_text_column_is_in_the_list():
    """A column that is missing in the list would keep texts about a forgotten person."""
    of_type = {
        column
        for table in metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, FreeTextType)
    }
    assert of_type <= {one.column for one in TEXTS}


def written(tx):
    """Texts that officers wrote about her: a return note, reasons, a difficulty and its answer."""
    made = sample(tx)
    people.set_name(tx, made.person.id, NAME, NOW)
    area = made.areas[0].id
    people.add_membership(
        tx, made.person.id, "reporter", unit_id=area, commune_id=made.round.commune_id, now=NOW
    )
    report = reports.start_report(tx, made.round.id, area, NOW)
    report = reports.send_report(tx, report, by=None, now=NOW, deadline=made.round.deadline)
    reports.return_report(tx, report, ["HT1"], NOTE, by=made.other.id, now=NOW)
    confirmations.confirm(
        tx, made.round, "CQ3", answer=True, reason=NOTE, by=made.other.id, now=NOW
    )
    rounds.reopen_round(tx, made.round.id, NOTE, made.round.closes_at, NOW, unit_id=area)
    return made


def texts(tx):
    found = []
    for one in TEXTS:
        found += [text for text in tx.scalars(sa.select(one.column)) if text and "Hỏi" in text]
    for row in tx.execute(sa.select(history_table.c.new)).scalars():
        kept = json.loads(row) if row else {}
        found += [kept[name] for name in ("note", "reason") if kept.get(name)]
    return found


async def test_no_text_of_the_commune_names_a_forgotten_person(database):
    made = await database.write(written)
    before = await database.read(texts)
    assert len(before) >= 5
    assert set(before) == {NOTE.replace("0912 345 678", "…")}  # no number was ever kept
    await database.write(lambda tx: withdrawal.forget(tx, made.person.id, NOW))
    assert set(await database.read(texts)) == {MASKED}
    noted = await database.read(
        lambda tx: tx.execute(sa.select(maskings.c.person_id, maskings.c.done)).all()
    )
    assert len(noted) >= 3
    assert {tuple(one) for one in noted} == {(made.person.id, True)}


@pytest.mark.parametrize(
    "change",
    [
        "new = '{{\"v\": 1}}'",  # nothing masked
        "new = '…'",  # masked, and not noted
        "way = '…'",
    ],
)
async def test_only_masking_can_change_the_history(database, change):
    made = await database.write(written)
    await database.write(lambda tx: withdrawal.forget(tx, made.person.id, NOW))
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await database.write(lambda tx: tx.exec_driver_sql(f"UPDATE history SET {change}"))


async def test_a_recorded_masking_may_change_one_row_once(database):
    made = await database.write(written)

    def note(tx):
        number = tx.scalar(
            sa.select(history_table.c.id).where(history_table.c.new.contains("Hỏi")).limit(1)
        )
        tx.execute(sa.insert(maskings).values(history_id=number, person_id=made.person.id, at=NOW))
        return number

    number = await database.write(note)

    def change(values):
        return database.write(
            lambda tx: tx.execute(
                sa.update(history_table).where(history_table.c.id == number).values(values)
            )
        )

    for refused in ({"new": '{"v": 1}'}, {"new": "…", "what": "x"}, {"new": "…" * 9999}):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            await change(refused)
    await change({"new": '{"v": 1, "note": "…"}'})
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await change({"new": '{"v": 1, "note": "……"}'})
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        await database.write(lambda tx: tx.execute(sa.delete(maskings)))


async def test_the_texts_of_another_commune_stay(database):
    made = await database.write(written)

    def elsewhere(tx):
        people.end_membership(tx, people.memberships_of(tx, made.person.id)[-1].id, NOW)
        tx.exec_driver_sql(f"DELETE FROM memberships WHERE person_id = {made.person.id}")
        withdrawal.forget(tx, made.person.id, NOW)

    await database.write(elsewhere)
    assert MASKED not in await database.read(texts)


async def test_forgetting_empties_the_write_ahead_log_at_once(tmp_path):
    file = tmp_path / "one.db"
    async with Database(url_of(file)) as database:
        made = await database.write(written)
        await database.write(lambda tx: withdrawal.forget(tx, made.person.id, NOW))
        for one in tmp_path.glob("one.db*"):
            assert NAME.encode() not in one.read_bytes(), one.name
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT count(*) FROM history").fetchone()[0] > 0


async def test_a_name_and_handle_follow_the_account(database):
    made = await database.write(sample)

    def says(name, handle):
        def follow(tx):
            known = people.person(tx, made.person.id)
            return people.follow_account(tx, known, name, handle)

        return database.write(follow)

    first = await says("Lan", "lan1")
    assert (await says(first.account_name, "lan2")).handle == "lan2"
    await database.write(lambda tx: people.set_name(tx, made.person.id, "Lan", NOW))
    assert (await says("Lan Hoa", None)).name == "Lan Hoa"
    await database.write(lambda tx: people.set_name(tx, made.person.id, NAME, NOW))
    last = await says("Hoa", "hoa")
    assert (last.name, last.account_name, last.handle) == (NAME, "Hoa", "hoa")
    assert (await database.read(lambda tx: people.person(tx, made.person.id))) == last


async def test_waiting_messages_and_half_typed_texts_of_members_are_masked(database):
    def work(tx):
        made = written(tx)
        officer = made.other.id
        people.add_membership(tx, officer, "officer", commune_id=made.round.commune_id, now=NOW)
        stranger = person(tx, "9", "Cô Ba")
        waiting = enqueue(tx, officer, "notice", NOTE, NOW)
        sending = enqueue(tx, officer, "notice", NOTE, NOW, dedupe_key="sending")
        others = enqueue(tx, stranger.id, "notice", NOTE, NOW)
        tx.execute(sa.update(outbox).where(outbox.c.id == sending).values(state="sending"))
        for content in ({"said": [NOTE]}, {"said": ["Không ai"]}, {"v": 1, "seen": NOTE}):
            asks.record(tx, officer, "telegram", "1", json.dumps(content), NOW, replaced=False)
        withdrawal.forget(tx, made.person.id, NOW)
        payloads = dict(tx.execute(sa.select(outbox.c.id, outbox.c.payload)).all())
        masked = NOTE.replace("cô Bưởi", "…").replace(NAME, "…")
        assert payloads == {waiting: masked, sending: NOTE, others: NOTE}
        kept = [json.loads(one.content) for one in asks.recent(tx, officer)]
        assert {"said": [masked]} in kept
        assert {"said": ["Không ai"]} in kept
        assert {"v": 1, "seen": NOTE} in kept

    await database.write(work)


async def test_settling_a_text_masks_its_words_wherever_it_stands(database):
    def work(tx):
        made = sample(tx)
        text, commune = "Bưởi và bưởi, rồi Bưởi", made.commune.id
        for _ in range(2):
            difficulties.raise_difficulty(tx, commune_id=commune, text=text, by=None, now=NOW)
        difficulties.raise_difficulty(tx, commune_id=commune, text="Bưởi", by=None, now=NOW)
        unmasked_texts.add(tx, commune, made.person.id, {text: [(0, 4), (18, 22)]}, NOW)
        (one,) = unmasked_texts.of_commune(tx, commune)
        unmasked_texts.settle(tx, one, NOW, mask=True)
        assert unmasked_texts.of_commune(tx, commune) == []
        found = [one.text for one in difficulties.open_difficulties(tx, commune)]
        assert found == ["… và bưởi, rồi …"] * 2 + ["Bưởi"]

    await database.write(work)


@pytest.mark.parametrize("dialect", ["sqlite"])
async def test_only_texts_that_may_name_a_forgotten_person_are_kept_for_the_officer(database):
    def work(tx):
        made = sample(tx)
        commune, who = made.commune.id, made.person.id
        people.set_name(tx, who, NAME, NOW)
        people.add_membership(
            tx, who, "reporter", unit_id=made.areas[0].id, commune_id=commune, now=NOW
        )
        for text in ("Bưởi vắng", "mất sóng"):
            difficulties.raise_difficulty(tx, commune_id=commune, text=text, by=None, now=NOW)
        assert withdrawal.forget(tx, who, NOW) == [commune]
        assert [one.text for one in unmasked_texts.of_commune(tx, commune)] == ["Bưởi vắng"]

    await database.write(work)
