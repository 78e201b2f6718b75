"""`/neu Khu 5 90%`: the result with one supposed answer; nothing is stored."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from criteria.answers import Value
from criteria.definition import Indicator
from criteria.kinds import registered
from criteria.scoring import IndicatorResult, Verdict, score, suppose
from handlers.flow.arguments import OptionalNumber, Text
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Rows, ScreenBuilder
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.kinds.base import Presentation, presentation_of
from handlers.status.lines import MARKS, figure, to_overview, unit_word
from handlers.status.loading import RoundStatus
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, plain

# Words around the area, the indicator and the value: "nếu Khu 2 đạt 90 % thì sao".
_AROUND = re.compile(
    r"(?<!\w)(đạt|dat|được|duoc|lên|len|thì|thi|sao|reaches|reached|gets)(?!\w)", re.IGNORECASE
)
_MOST_BUTTONS = 6


@dataclass(frozen=True, slots=True)
class Supposition:
    """The supposition of a text, maybe incomplete. `value`: "90%", "350/400", "yes" or "no"."""

    units: tuple[int, ...]
    code: str
    value: str


def asked(status: StatusView, typed: str, texts: Texts) -> Supposition | None:
    """Return a text's supposition; None without a value. Several areas may match its name."""
    searched = ((one, one.supposed.search(typed)) for one in _presentations(status))
    matches = ((one, match) for one, match in searched if match is not None)
    presentation, found = next(matches, (None, None))
    if presentation is None or found is None:
        return None
    rest = _AROUND.sub(" ", f"{typed[: found.start()]} {typed[found.end() :]}").strip(" ?.,")
    code, rest = _indicator(status, rest, texts)
    return Supposition(_units(status, rest, texts), code, presentation.written(found))


def _presentations(status: StatusView) -> list[Presentation[Any]]:
    """Return the presentations of the kinds that areas are asked, in a fixed order."""
    kinds = {one.kind for one in status.criteria.asked_of(office=False)}
    return [presentation_of(kind) for kind in registered() if kind in kinds]


def _presentation(status: StatusView, value: str) -> Presentation[Any] | None:
    """Return the presentation of the kind of a button's value; None without one."""
    found = (one for one in _presentations(status) if one.supposed.fullmatch(value))
    return next(found, None)


def _indicator(status: StatusView, text: str, texts: Texts) -> tuple[str, str]:
    """Return the code of the indicator named by code or short name, and the rest of the text."""
    for one in status.criteria.indicators:
        for name in (one.code, texts.short(one)):
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            if match:
                return one.code, (text[: match.start()] + " " + text[match.end() :]).strip()
    return "", text


def _units(status: StatusView, text: str, texts: Texts) -> tuple[int, ...]:
    """Return the areas named by code or full name, else all areas with that label."""
    wanted = plain(text.replace("·", " "))
    exact = [
        unit for unit in status.areas
        if wanted in {plain(status.name(unit, texts)), status.units[unit].code.lower()}
    ]  # fmt: skip
    same = [unit for unit in status.areas if plain(status.units[unit].label) == wanted]
    return tuple(exact or same)


def how_screen(status: StatusView, texts: Texts) -> Screen:
    """Show how to type a supposition."""
    name = status.name(status.areas[0], texts) if status.areas else "…"
    return _screen(status, texts.say("suppose.how", unit=name), texts)


def which_screen(status: StatusView, given: Supposition, texts: Texts) -> Screen:
    """Ask which of the areas with the same name, or which indicator."""
    here, value = status.id, given.value
    if len(given.units) != 1:
        rows = tuple(
            (Button(status.name(unit, texts), suppose_button.data(here, unit, given.code, value)),)
            for unit in given.units[:_MOST_BUTTONS]
        )
        return _screen(status, texts.say("suppose.which_area"), texts, rows)
    unit = given.units[0]
    rows = tuple(
        (Button(status.short(one.code, texts), suppose_button.data(here, unit, one.code, value)),)
        for one in _fitting(status, value)[:_MOST_BUTTONS]
    )
    name = status.name(unit, texts)
    presentation = _presentation(status, value)
    value_shown = presentation.supposition(value, texts) if presentation is not None else value
    question = texts.say("suppose.which", unit=name, value=value_shown)
    return _screen(status, question, texts, rows)


def _fitting(status: StatusView, value: str) -> Sequence[Indicator]:
    presentation = _presentation(status, value)
    indicators = status.criteria.asked_of(office=False)
    return [one for one in indicators if presentation is not None and one.kind is presentation.key]


@page("s.if", right=READER)
def suppose_button(
    context: Context, status: RoundStatus, unit: OptionalNumber, code: Text, value: Text
) -> Screen | None:
    """Show the result of the button's supposition; without one, how to type it."""
    return supposed(status, unit, code, value, context.texts)


def supposed(
    status: StatusView, unit: int | None, code: str, value: str, texts: Texts
) -> Screen | None:
    """Show the result, or ask for missing parts; None when the supposition doesn't fit."""
    if unit is None or not value:
        return how_screen(status, texts)
    presentation = _presentation(status, value)
    if unit not in status.areas or presentation is None or not presentation.possible(value):
        return None
    if not code:
        return which_screen(status, Supposition((unit,), "", value), texts)
    if all(one.code != code for one in _fitting(status, value)):
        return None
    answer = presentation.suppose(status.facts, unit, code, value)
    if answer is None:
        no_total = texts.say("suppose.no_total", unit=status.name(unit, texts), code=code)
        return _screen(status, no_total, texts)
    return _outcome(status, unit, code, answer, value, presentation, texts)


def _outcome(
    status: StatusView, unit: int, code: str, answer: Value, value: str,
    presentation: Presentation[Any], texts: Texts,
) -> Screen:  # fmt: skip
    result = score(status.criteria, suppose(status.facts, unit, code, answer))
    before, after = status.result.indicator(code), result.indicator(code)
    body = ScreenBuilder(texts).say(
        "suppose.title",
        unit=status.name(unit, texts),
        value=presentation.supposition(value, texts),
        counts=presentation.supposed_counts(answer, texts),
    )
    body.line().say(
        "suppose.indicator",
        mark=MARKS[after.verdict],
        short=status.short(code, texts),
        before=figure(before, texts),
        after=figure(after, texts),
    )
    body.line(_verdicts(before, after, texts))
    if gap := after.figures.gap:
        body.say("suppose.gap", gap=gap, unit=unit_word(status, after, texts))
    met = (status.result.met, result.met)
    key = "suppose.met_same" if met[0] == met[1] else "suppose.met"
    body.say(key, before=met[0], after=met[1], total=result.total).line().say("suppose.only")
    steps = presentation.steps
    others = (Button(one, suppose_button.data(status, unit, code, one)) for one in steps)
    return body.row(*others).row(to_overview(status, texts)).screen()


def _screen(status: StatusView, text: str, texts: Texts, rows: Rows = ()) -> Screen:
    return Screen(text, (*rows, (to_overview(status, texts),)))


def _verdicts(before: IndicatorResult, after: IndicatorResult, texts: Texts) -> Html:
    verdicts = [texts.say(f"status.verdict.{one.verdict.value}") for one in (before, after)]
    if after.confirmation is not None:
        return texts.say("suppose.confirmed", verdict=verdicts[1])
    if before.verdict is after.verdict:
        key = "suppose.still_met" if after.verdict is Verdict.MET else "suppose.still"
        return texts.say(key, verdict=verdicts[1])
    return texts.say("suppose.verdict", before=verdicts[0], after=verdicts[1])
