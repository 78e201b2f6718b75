"""Reasons for changes: the results of two moments, with the changed answers of units in between.

It also lists the earlier rounds, to open their results.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from criteria.answers import Value
from criteria.kinds import kind_of_value
from criteria.scoring import IndicatorChange, effect
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.rights import READER
from handlers.flow.routes import GONE, Loading, page
from handlers.report.wording import counts_text
from handlers.status.communes import ReadableCommune, to_each_round
from handlers.status.lines import MARKS, figure, to_overview
from handlers.status.loading import RoundStatus, load_status_before
from handlers.status.view import StatusView, plain_name
from handlers.texts import Html, Texts, without_tags
from storage.rounds import rounds

_NAMES = 90
_MOST_LINES = 10
DAYS = (1, 3, 7, 14)
_MOST_DAYS = 400


@dataclass(frozen=True, slots=True)
class Moved:
    """One unit's answer before and after; None where there was none that counts."""

    unit: int
    before: Value | None
    after: Value | None


def moved(before: StatusView, after: StatusView, code: str) -> tuple[Moved, ...]:
    """Return the units whose answer to an indicator changed, in area order."""
    units = after.facts.units
    pairs = (
        Moved(unit, before.facts.counted.get((unit, code)), after.facts.counted.get((unit, code)))
        for unit in units
    )
    return tuple(one for one in pairs if one.before != one.after)


def changes(before: StatusView, after: StatusView) -> tuple[IndicatorChange, ...]:
    """Return the changed indicators in the set's order, those with a new verdict first."""
    found = effect(before.result, after.result)
    return tuple(sorted(found, key=lambda one: not one.verdict_changed))


def change_lines(before: StatusView, after: StatusView, texts: Texts) -> list[Html]:
    """Return `Đạt 8/13 → 9/13.`, and a sentence for each changed indicator."""
    met = (before.result.met, after.result.met)
    key = "why.same" if met[0] == met[1] else "why.met"
    lines = [texts.say(key, before=met[0], after=met[1], total=after.result.total)]
    came_in = after.areas_in - before.areas_in
    if came_in:
        lines.append(
            texts.say("why.reports", before=before.areas_in, after=after.areas_in,
                      areas=len(after.areas))
        )  # fmt: skip
    found = changes(before, after)
    lines += [_sentence(before, after, one, texts) for one in found]
    return lines if found else [*lines, texts.say("why.nothing")]


def _sentence(before: StatusView, after: StatusView, one: IndicatorChange, texts: Texts) -> Html:
    verdict = ""
    if one.verdict_changed:
        verdict = texts.say(
            "why.verdict",
            before=texts.say(f"status.verdict.{one.before.verdict.value}"),
            after=texts.say(f"status.verdict.{one.after.verdict.value}"),
        )
    return texts.say(
        "why.indicator",
        mark=MARKS[one.after.verdict],
        short=after.short(one.code, texts),
        before=figure(one.before, texts),
        after=figure(one.after, texts),
        verdict=verdict,
        because=_reason(before, after, one.code, texts),
    )


def _reason(before: StatusView, after: StatusView, code: str, texts: Texts) -> Html:
    """Return `vì Khu 4 sửa 310/400 → 342/400, Khu 7 gửi 300/350`; a confirmation comes first."""
    parts: list[Html] = []
    for one in moved(before, after, code):
        name = after.name(one.unit, texts)
        if one.before is None and one.after is not None:
            parts.append(texts.say("why.came", unit=name, value=counts_text(one.after, texts)))
        elif one.after is None and one.before is not None:
            parts.append(texts.say("why.went", unit=name, value=counts_text(one.before, texts)))
        elif one.before is not None and one.after is not None:
            old, new = counts_text(one.before, texts), counts_text(one.after, texts)
            parts.append(texts.say("why.changed", unit=name, before=old, after=new))
    if before.facts.confirmations.get(code) != after.facts.confirmations.get(code):
        parts.insert(0, texts.say("why.confirmed"))
    if not parts:
        return Html("")
    return texts.say("why.because", names=Html(texts.listed(parts, most=_NAMES)))


def _days(loading: Loading) -> object:
    """Return the number of days ago; 1 if the address has no number; GONE for too many."""
    days = loading.number or 1
    return days if days <= _MOST_DAYS else GONE


Days = Annotated[int, _days]


@page("s.why", right=READER)
def changed(context: Context, status: RoundStatus, days: Days) -> Screen:
    """Show the changes of the last `days` days, and other days to compare with."""
    texts, zone = context.texts, context.deployment.zone
    before = load_status_before(context.tx, status, day_before(context.now, days, zone))
    found = change_lines(before, status, texts)
    body = ScreenBuilder(context).line(
        _title(before, status, texts, zone), "", *found[:_MOST_LINES]
    )
    if len(found) > _MOST_LINES:
        body.say("why.more", count=len(found) - _MOST_LINES)
    choices = [Button(texts.say("why.days", count=n), changed.data(status.id, n)) for n in DAYS]
    body.grid(choices, 2)
    others = every_round.button(texts, "status.button.rounds", status.commune)
    return body.row(others, to_overview(status, texts)).screen()


@page("s.rounds", right=READER)
def every_round(context: Context, commune: ReadableCommune) -> Screen:
    """Show the rounds that have begun, the newest first, with buttons to their results."""
    begun = [one for one in rounds.list_rounds(context.tx, commune.id) if one.has_begun]
    body = ScreenBuilder(context).say("status.which_round")
    buttons = to_each_round(begun, context.texts)
    return body.listed(buttons, lambda one: one, every_round, commune).home().screen()


def _title(before: StatusView, after: StatusView, texts: Texts, zone: ZoneInfo) -> Html:
    return texts.say("why.title", commune=after.commune.name, since=texts.time(before.as_of, zone))


def day_before(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """Return the end of the local day `days` days ago."""
    local = now.astimezone(zone) - timedelta(days=days)
    return local.replace(hour=23, minute=59, second=59, microsecond=0)


def changes_text(before: StatusView, after: StatusView, texts: Texts, zone: ZoneInfo) -> str:
    """Return all sentences as plain text."""
    title = _title(before, after, texts, zone)
    return without_tags("\n".join([title, "", *change_lines(before, after, texts)]))


def change_fields(before: StatusView, after: StatusView) -> dict[str, object]:
    """Return the fields that `status --since --json` adds; units by their names."""
    return {
        "since": {
            "as_of": before.as_of.isoformat(),
            "met": before.result.met,
            "changes": [_fields(before, after, one) for one in changes(before, after)],
        }
    }


def _fields(before: StatusView, after: StatusView, one: IndicatorChange) -> dict[str, object]:
    return {
        "code": one.code,
        "before": one.before.verdict.value,
        "after": one.after.verdict.value,
        "units": [
            {
                "unit": plain_name(after, each.unit),
                "before": _plain(each.before),
                "after": _plain(each.after),
            }
            for each in moved(before, after, one.code)
        ],
    }


def _plain(value: Value | None) -> object:
    return kind_of_value(value).plain(value) if value is not None else None
