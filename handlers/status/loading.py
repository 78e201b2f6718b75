"""Loads the status of a round, and resolves the communes and rounds that a person may read."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Annotated

from sqlalchemy import Connection

from criteria.scoring import Result, score
from handlers.flow.arguments import by_id
from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading
from handlers.operator.communes import operated, operates
from handlers.rounds.criteria_sets import set_of
from handlers.status.view import RoundProgress, StatusView
from storage.difficulties import difficulties
from storage.people import reporters
from storage.places import places
from storage.places.places import Commune
from storage.reports import reports
from storage.results import current_facts, deadline_results, word_drafts
from storage.results.earlier_facts import past_round
from storage.rounds import rounds
from storage.rounds.rounds import Round


def standing_of(tx: Connection, round_: Round, now: datetime) -> RoundProgress:
    """Return the progress of a round at this moment, without its score."""
    reported = current_facts.report_states(tx, round_.id)
    return RoundProgress(
        commune=places.commune(tx, round_.commune_id),
        round=round_,
        units={unit.id: unit for unit in rounds.units_of_round(tx, round_.id)},
        reports={unit: report.state for unit, report in reported.items()},
        as_of=now,
        difficulties=len(difficulties.open_difficulties(tx, round_.commune_id)),
    )


def load_status(
    tx: Connection, round_: Round, now: datetime, *, at: datetime | None = None
) -> StatusView:
    """Return the status of a round now, or with the answers of an earlier moment `at`."""
    past = past_round(tx, round_.id, at) if at is not None else None
    units = rounds.units_of_round(tx, round_.id)
    facts = current_facts.round_facts(tx, round_, set_of(round_), past, units=units)
    reported, before = current_facts.report_states(tx, round_.id), rounds.round_before(tx, round_)
    states = {unit: report.state for unit, report in reported.items()}
    status = StatusView(
        commune=places.commune(tx, round_.commune_id),
        round=round_,
        facts=facts,
        result=score(set_of(round_), facts),
        units={unit.id: unit for unit in units},
        reports=states if past is None else past.states,
        as_of=at or now,
        late=frozenset(unit for unit, report in reported.items() if report.late),
        unjoined=tuple(reporters.units_without_members(tx, round_.id)),
        last=result_of(tx, before) if before is not None else None,
        difficulties=len(difficulties.open_difficulties(tx, round_.commune_id)),
        at_deadline=deadline_results.stored(tx, round_) if at is None else None,
        counting_methods=current_facts.counting_methods_of(tx, round_.id) if at is None else {},
    )
    return replace(status, word_outdated=_word_outdated(tx, status)) if at is None else status


def _word_outdated(tx: Connection, status: StatusView) -> datetime | None:
    """Return when the last Word draft was made, if its figures are outdated; else None."""
    draft = word_drafts.draft_of(tx, status.id)
    same = draft.made_at is None or draft.figures == status.figures_checksum()
    return None if same else draft.made_at


def load_status_before(tx: Connection, after: StatusView, at: datetime) -> StatusView:
    """Return the status of the same round at an earlier moment, at the earliest its opening."""
    at = max(at, after.round.opens_at)
    past = past_round(tx, after.id, at)
    units = tuple(after.units.values())
    facts = current_facts.round_facts(tx, after.round, after.criteria, past, units=units)
    return replace(
        after,
        facts=facts,
        result=score(after.criteria, facts),
        reports=past.states,
        as_of=at,
        at_deadline=None,
        counting_methods={},
    )


def result_of(tx: Connection, round_: Round) -> Result:
    """Return the round's present result, at a third of the cost of its status."""
    criteria = set_of(round_)
    return score(criteria, current_facts.round_facts(tx, round_, criteria))


def results_of(tx: Connection, found: Sequence[Round]) -> dict[int, Result]:
    """Return the present results of several rounds by id, read together."""
    sets = {one.id: set_of(one) for one in found}
    facts = current_facts.facts_of_rounds(tx, [(one, sets[one.id]) for one in found])
    return {one.id: score(sets[one.id], facts[one.id]) for one in found}


def rounds_shown(tx: Connection, commune_id: int, now: datetime) -> tuple[Round, ...]:
    """Return the rounds that are open now, else the one that ended last; () without any."""
    open_ = tuple(rounds.open_rounds(tx, commune_id, now))
    if open_:
        return open_
    ended = (r for r in rounds.list_rounds(tx, commune_id) if r.state in {"open", "closed"})
    return tuple(ended)[:1]


def answered_in(tx: Connection, round_id: int, unit_id: int) -> frozenset[str]:
    """Return the indicators that are answered and not returned in a unit's report, sent or not."""
    report = reports.report_of(tx, round_id, unit_id)
    if report is None:
        return frozenset()
    answers = reports.answers_of(tx, report.id)
    return frozenset(
        code for code, one in answers.items() if one.value is not None and not one.returned
    )


def readable_communes(context: Context) -> list[Commune]:
    """Return the communes of an operator, and those where the person is an officer or leader."""
    found = {one: places.commune(context.tx, one) for one in context.communes_read}
    found |= {one.id: one for one in operated(context)}
    return list(found.values())


def runs(context: Context, commune_id: int) -> bool:
    """Return whether the person is an officer or operator of the commune."""
    return commune_id in context.office_communes or operates(context, commune_id)


def _reads(context: Context, commune_id: int) -> bool:
    return commune_id in context.communes_read or operates(context, commune_id)


# An argument: a commune whose status the person reads.
readable_commune = by_id(places.find_commune, lambda context, one: _reads(context, one.id))
_begun_round = by_id(
    rounds.round_by_id, lambda context, one: one.has_begun and _reads(context, one.commune_id)
)


def _status(loading: Loading) -> object:
    """Return the status of a begun round that the person may read; `read` may have it already."""
    round_, known = _begun_round(loading), loading.read
    context = loading.context
    if isinstance(known, StatusView) and known.round == round_:
        return replace(known, as_of=context.now)
    return load_status(context.tx, round_, context.now) if round_ is not GONE else GONE


RoundStatus = Annotated[StatusView, _status]
