"""The reports that a person may fill in, their captions, and finding them by a typed name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from handlers.flow.context import Context
from handlers.report.wording import unit_names
from handlers.rounds.criteria_sets import round_names
from handlers.texts import plain
from storage.places import places
from storage.places.places import Unit
from storage.rounds import rounds
from storage.rounds.rounds import Round


@dataclass(frozen=True, slots=True)
class AssignedReport:
    """A unit's report in an open round that this person may fill in."""

    round: Round
    unit: Unit

    @property
    def id(self) -> int:
        """The unit's id; an address contains it after the round's."""
        return self.unit.id


def tasks_of(context: Context, *, office: bool | None = None) -> tuple[AssignedReport, ...]:
    """Return the reports that this person may fill in, areas first."""
    units = _units_of(context, office)
    return tuple(
        AssignedReport(round_, unit) for unit in units for round_ in rounds_for(context, unit)
    )


def tasks_when_written(context: Context) -> tuple[AssignedReport, ...]:
    """Return the same at the time of writing; a text from before a close is about that round."""
    at = context.done_at
    found = [
        AssignedReport(round_, unit)
        for unit in _units_of(context, None)
        for round_ in rounds.rounds_open_at(context.tx, unit.id, at)
    ]
    return tuple(found) or tasks_of(context)


def _units_of(context: Context, office: bool | None) -> list[Unit]:
    areas = context.areas if office is not True else ()
    offices = context.office_communes if office is not False else ()
    units = [places.unit(context.tx, one) for one in areas]
    return units + [places.office_of(context.tx, one) for one in offices]


def rounds_for(context: Context, unit: Unit) -> list[Round]:
    """Return the rounds in which the unit can report now."""
    return [
        one
        for one in rounds.open_rounds(context.tx, unit.commune_id, context.now)
        if rounds.is_open(context.tx, one, unit.id, context.now)
    ]


def captions_of(context: Context, tasks: Sequence[AssignedReport]) -> dict[AssignedReport, str]:
    """Return the reports with unique captions, with the commune and the round where needed."""
    names = round_names((one.round for one in tasks), context.texts.language)
    units = unit_names(context.tx, (one.unit for one in tasks), context.texts)
    several = len(set(names.values())) > 1
    return {
        one: units[one.unit.id] + (f" · {names[one.round.id]}" if several else "") for one in tasks
    }


def tasks_named(captions: Mapping[AssignedReport, str], text: str) -> list[AssignedReport]:
    """Return the reports with this caption, with or without the round, or with this area.

    Without such a report, return those whose caption has all the typed words ("Yên Kiện").
    """
    wanted = plain(text)
    found = [
        one
        for one, caption in captions.items()
        if wanted in {plain(caption), plain(one.unit.label), plain(caption.partition(" · ")[0])}
    ]
    words = set(wanted.split())
    return found or [
        one for one, caption in captions.items() if words and words <= set(plain(caption).split())
    ]
