"""Small tables and queries: plans of bots, numbers of changes, names of the past, chats."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from storage import change_numbers, history
from storage.engine.database import Database
from storage.messages import bot_usage, inherited_messages
from storage.people import addresses
from storage.places import area_names, places
from storage.places.places import figures_of
from storage.results import word_drafts
from storage.tables import outbox
from tests.outbox import enqueue
from tests.storage.sample import DAY, NOW, person, sample

HOUR = timedelta(hours=1)
pytestmark = pytest.mark.parametrize("dialect", ["sqlite"])


async def test_messages_are_counted_by_bot_and_month(database: Database) -> None:
    def work(tx) -> None:
        assert bot_usage.sent(tx, "zalo-a", "2026-11") == 0
        assert not bot_usage.mark_announced(tx, "zalo-a", "2026-11", NOW)
        for month, messages in (("2026-11", 1), ("2026-11", 3), ("2026-12", 1)):
            bot_usage.count(tx, "zalo-a", month, messages)
        bot_usage.count(tx, "zalo-b", "2026-11", 1)
        assert bot_usage.sent(tx, "zalo-a", "2026-11") == 4
        assert bot_usage.sent(tx, "zalo-a", "2026-12") == 1
        assert bot_usage.mark_announced(tx, "zalo-a", "2026-11", NOW)
        assert not bot_usage.mark_announced(tx, "zalo-a", "2026-11", NOW)
        assert bot_usage.mark_announced(tx, "zalo-a", "2026-12", NOW)
        assert bot_usage.mark_announced(tx, "zalo-b", "2026-11", NOW)

    await database.write(work)


async def test_the_newest_change_of_a_commune_has_a_number(database: Database) -> None:
    def work(tx) -> None:
        assert change_numbers.newest(tx) == 0
        s = sample(tx)
        other = places.add_commune(tx, "suoi", "Xã Suối")
        before = change_numbers.newest(tx)
        assert change_numbers.newest_since(tx, s.commune.id, before) is None
        history.record(tx, "figure", "button", NOW, unit_id=s.areas[0].id)
        history.record(tx, "notice", "button", NOW, commune_id=s.commune.id)
        history.record(tx, "notice", "button", NOW, commune_id=other.id)
        newest = change_numbers.newest(tx)
        assert newest == before + 3
        assert change_numbers.newest_since(tx, s.commune.id, before) == before + 2
        assert change_numbers.newest_since(tx, s.commune.id, before + 2) is None
        assert change_numbers.newest_since(tx, other.id, before) == newest
        history.record(tx, "figure", "button", NOW, unit_id=s.areas[1].id)
        assert change_numbers.newest_since(tx, s.commune.id, before) == newest + 1

    await database.write(work)


async def test_units_have_the_names_of_the_instant(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        first, second, third = s.areas
        for hours, old in ((1, "Khu cũ"), (2, "Khu 2"), (3, "Khu giữa")):
            history.record(
                tx, "area", "button", NOW + hours * HOUR, unit_id=first.id,
                old={"label": old, "commune_id": 99, "number": 7},
            )  # fmt: skip
        history.record(tx, "figure", "button", NOW + 9 * HOUR, unit_id=first.id, old={"label": "?"})
        now = area_names.units_with_names(tx, s.commune.id)
        assert now[first.id] == first
        assert set(now) == {s.office.id, first.id, second.id, third.id}
        assert area_names.units_with_names(tx, s.commune.id, NOW + 3 * HOUR) == now

        def label(hours):
            found = area_names.units_with_names(tx, s.commune.id, NOW + hours * HOUR)
            return (
                found[first.id].label,
                found[first.id].shared_label,
                found[second.id].shared_label,
            )

        assert label(0) == ("Khu cũ", False, False)
        assert label(1) == ("Khu 2", True, True)
        assert label(2) == ("Khu giữa", False, False)
        then = area_names.units_with_names(tx, s.commune.id, NOW)[first.id]
        assert (then.commune_id, then.number, then.code) == (s.commune.id, 7, first.code)

    await database.write(work)


async def test_messages_go_to_the_chat_that_was_used_last(database: Database) -> None:
    def work(tx) -> None:
        lan, tu = person(tx, "1"), person(tx, "2")
        addresses.add(tx, lan.id, "zalo-a", "z", NOW + HOUR, account_name="Lan Z", handle="lan")
        held = addresses.addresses_of(tx, lan.id)
        assert [(one.bot, one.chat, one.in_use) for one in held] == [
            ("zalo-a", "z", True), ("telegram", "1", False),
        ]  # fmt: skip
        assert held[0].last_written_at == NOW + HOUR
        addresses.use(tx, lan.id, "telegram", "1", NOW + DAY)
        addresses.use(tx, tu.id, "telegram", "2", NOW + DAY)
        first = addresses.addresses_of(tx, lan.id)[0]
        assert (first.bot, first.in_use, first.last_written_at) == ("telegram", True, NOW + DAY)
        assert (addresses.people_at(tx, "telegram"), addresses.people_at(tx, "zalo-a")) == (2, 1)
        assert addresses.people_at(tx, "zalo-b") == 0

        def reach(bot, chat, reachable, hours):
            now = NOW + DAY + hours * HOUR
            addresses.set_reachable(tx, bot, chat, reachable=reachable, now=now)
            return {one.bot: (one.in_use, one.blocked_at) for one in held_now()}

        def held_now():
            return addresses.addresses_of(tx, lan.id)

        blocked = NOW + DAY + HOUR
        found = reach("telegram", "1", False, 1)
        assert found == {"zalo-a": (True, None), "telegram": (False, blocked)}
        # The time of the first refusal stays, and a blocked chat isn't taken into use.
        assert reach("telegram", "1", False, 2) == found
        later = NOW + DAY + 3 * HOUR
        found = reach("zalo-a", "z", False, 3)
        assert found == {"zalo-a": (True, later), "telegram": (False, blocked)}
        assert reach("telegram", "1", True, 4)["telegram"] == (False, None)
        assert addresses.addresses_of(tx, tu.id)[0].blocked_at is None

    await database.write(work)


async def test_waiting_messages_are_given_to_whom_a_person_became(database: Database) -> None:
    def work(tx) -> None:
        lan, tu = person(tx, "1").id, person(tx, "2").id
        first = enqueue(tx, lan, "notice", "{}", NOW, dedupe_key="a")
        sent = enqueue(tx, lan, "notice", "{}", NOW)
        last = enqueue(tx, lan, "reminder", "{2}", NOW)
        enqueue(tx, tu, "notice", "{}", NOW)
        tx.execute(sa.update(outbox).where(outbox.c.id == sent).values(state="sent"))
        found = inherited_messages.waiting_of(tx, lan)
        assert [(one.id, one.kind, one.payload, one.dedupe_key) for one in found] == [
            (first, "notice", "{}", "a"), (last, "reminder", "{2}", None),
        ]  # fmt: skip
        inherited_messages.give_to(tx, last, tu)
        assert [one.id for one in inherited_messages.waiting_of(tx, lan)] == [first]
        assert last in [one.id for one in inherited_messages.waiting_of(tx, tu)]

    await database.write(work)


async def test_a_word_draft_keeps_its_document_and_when_it_was_made(database: Database) -> None:
    def work(tx) -> None:
        s = sample(tx)
        assert word_drafts.draft_of(tx, s.round.id) == word_drafts.WordDraft()
        word_drafts.store_document(tx, s.round.id, "Công văn 1")
        word_drafts.store_made(tx, s.round.id, "sum", NOW)
        found = word_drafts.draft_of(tx, s.round.id)
        assert (found.document, found.made_at, found.figures) == ("Công văn 1", NOW, "sum")
        word_drafts.store_document(tx, s.round.id, "")
        assert word_drafts.draft_of(tx, s.round.id).document == ""
        assert figures_of(tx, s.areas[0].id) == {}

    await database.write(work)
