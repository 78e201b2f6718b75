"""Reading from the data what an export is made from."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.scoring import score
from handlers.exports.material import Happening, Material, Obstacle, Period
from handlers.history.sentences import Reader, impersonal, reader, way_of, what
from handlers.rounds.criteria_sets import set_of
from handlers.status.loading import load_status
from handlers.texts import Texts, without_tags
from storage import (
    area_names,
    difficulties,
    evidence,
    history,
    places,
    results,
    rounds,
    word_drafts,
)
from storage.history import Entry
from storage.places import Unit
from storage.reports import IN
from storage.rounds import Round

MOST_PERIODS = 8
_MOST_HAPPENINGS = 5000


def material_of(tx: Connection, round_: Round, texts: Texts, zone: ZoneInfo) -> Material:
    """All of a round that has begun; its changes and difficulties in the words of `texts`."""
    changes = [
        one
        for one in history.history_of_round(tx, round_.id)
        if one.what != "difficulty" or one.at <= round_.closes_at  # its course goes on
    ]
    newest = max((one.at for one in changes), default=round_.opens_at)
    status = load_status(tx, round_, newest)
    ended = _ended(round_, newest)
    units = area_names.units_called(tx, round_.commune_id, ended)
    status = replace(status, units={one: units[one] for one in status.units})
    told = reader(tx, texts, zone)
    told.rounds[round_.id] = round_
    reports = results.report_states(tx, round_.id)
    sent = {report.id for report in reports.values() if report.sends}
    areas_in = sum(status.is_in(unit) for unit in status.areas)
    now = Period(round_.name, status.result, areas_in, len(status.areas))
    return Material(
        status=status,
        commune=places.commune(tx, round_.commune_id),
        opens_at=round_.opens_at,
        criteria_id=round_.criteria_id,
        zone=zone,
        reports=reports,
        course=(*earlier_periods(tx, round_), now),
        evidence=tuple(
            one for one in evidence.evidence_of_round(tx, round_.id) if one.report_id in sent
        ),
        obstacles=_obstacles(tx, round_, ended, units),
        document=word_drafts.draft_of(tx, round_.id).document or "",
        happenings=tuple(_happening(told, one) for one in changes[-_MOST_HAPPENINGS:]),
    )


def _ended(round_: Round, newest: datetime) -> datetime | None:
    """The instant from which on nothing belongs to the round's documents; None while it is open."""
    return max(round_.closes_at, newest) if round_.state == "closed" else None


def _obstacles(
    tx: Connection, round_: Round, ended: datetime | None, units: Mapping[int, Unit]
) -> tuple[Obstacle, ...]:
    """The commune's open difficulties; of a round that has ended those of then."""
    if ended is None:
        found = difficulties.open_difficulties(tx, round_.commune_id)
    else:
        found = difficulties.open_difficulties_at(tx, round_.commune_id, ended)
    return tuple(
        Obstacle(units.get(one.unit_id or 0), one.indicator, one.text, one.state, one.answer)
        for one in found
    )


def earlier_periods(tx: Connection, round_: Round) -> list[Period]:
    """The rounds of the same set before this one, the oldest first."""
    found: list[Period] = []
    before = rounds.round_before(tx, round_)
    while before is not None and len(found) < MOST_PERIODS - 1:
        facts = results.round_facts(tx, before, set_of(before))
        states = results.report_states(tx, before.id)
        areas_in = sum(states[unit].state in IN for unit in facts.areas if unit in states)
        result = score(set_of(before), facts)
        found.insert(0, Period(before.name, result, areas_in, len(facts.areas)))
        before = rounds.round_before(tx, before)
    return found


def _happening(told: Reader, entry: Entry) -> Happening:
    nobody = impersonal(entry)
    return Happening(
        entry.at, entry.unit_id, without_tags(what(told, nobody)), way_of(told, nobody)
    )
