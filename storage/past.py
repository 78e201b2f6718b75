"""A round as it stood at an instant, played back from its history, which is read once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from criteria.answers import Value
from criteria.scoring import Confirmation
from storage import answer_values, history
from storage.earlier import Counted
from storage.history import Entry


@dataclass(frozen=True, slots=True)
class Past:
    """What counted at the instant `at`, what the office had confirmed, each unit's report state."""

    at: datetime
    counted: Counted
    confirmed: Mapping[str, Confirmation]
    states: Mapping[int, str]


def past_of(tx: Connection, round_id: int, at: datetime) -> Past:
    """The round as it stood at this instant."""
    entries = [one for one in history.history_of_round(tx, round_id) if one.at <= at]
    return Past(at, _counted(entries), _confirmed(entries), _states(entries))


def _counted(entries: Iterable[Entry]) -> Counted:
    values: dict[tuple[int, str], tuple[Value | None, bool]] = {}
    sent: set[int] = set()
    named: dict[int, set[str]] = {}  # what the return that stands asks again
    for entry in entries:
        new = entry.new or {}
        if entry.unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            _replay_state(entry.unit_id, new, values, sent, named)
        elif entry.what == "answer" and entry.indicator is not None:
            key = (entry.unit_id, entry.indicator)
            held = entry.indicator in named.get(entry.unit_id, ())
            held = (values[key][1] if key in values else held) and entry.way != "office"
            if new["state"] == "none":
                values.pop(key, None)
            else:
                values[key] = (answer_values.from_json(new), held)
    return {
        key: value
        for key, (value, held) in values.items()
        if key[0] in sent and not held and value is not None
    }


def _replay_state(
    unit_id: int,
    new: Mapping[str, Any],
    values: dict[tuple[int, str], tuple[Value | None, bool]],
    sent: set[int],
    named: dict[int, set[str]],
) -> None:
    if new["state"] == "sent":
        sent.add(unit_id)
    if new["state"] in {"sent", "returned"}:
        named[unit_id] = set(new.get("indicators", ()))
    for key, (value, _) in list(values.items()):
        if key[0] == unit_id and new["state"] == "sent":
            values[key] = (value, False)
        elif key[0] == unit_id and key[1] in new.get("indicators", ()):
            values[key] = (value, True)


def _confirmed(entries: Iterable[Entry]) -> dict[str, Confirmation]:
    found: dict[str, Confirmation] = {}
    for entry in entries:
        if entry.what != "confirmation" or entry.indicator is None:
            continue
        if entry.new is None:
            found.pop(entry.indicator, None)
        else:
            found[entry.indicator] = Confirmation(entry.new["answer"], entry.new["reason"])
    return found


def _states(entries: Iterable[Entry]) -> dict[int, str]:
    states: dict[int, str] = {}
    for entry in entries:
        unit_id, new = entry.unit_id, entry.new or {}
        if unit_id is None:
            continue
        if entry.what == "report" and "state" in new:
            states[unit_id] = new["state"]
        elif entry.what == "answer" and states.get(unit_id) == "accepted":
            states[unit_id] = "sent"  # a correction takes the acceptance away
    return states
