"""`/neu Khu 5 90%`: what the result would be, by the score's own function; nothing is kept."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from criteria.answers import Ratio, Value, YesNo
from criteria.definition import Indicator, Kind
from criteria.percent import line_text
from criteria.scoring import IndicatorResult, Verdict, reaching, score, suppose
from handlers.flow.arguments import optional_number, text
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Rows
from handlers.flow.rights import READER
from handlers.flow.routes import argument, page
from handlers.report.wording import counts_text
from handlers.status.access import OfRound
from handlers.status.lines import MARKS, figure, to_overview, unit_word
from handlers.status.view import StatusView
from handlers.texts import Html, Texts, plain

_VALUE = re.compile(
    r"(?P<percent>\d{1,3}(?:[.,]\d{1,2})?)\s*%|(?P<above>\d{1,7})\s*/\s*(?P<below>\d{1,7})"
    r"|\b(?P<yes>có|co|yes)\s*$|\b(?P<no>chưa|chua|no)(\s+có|\s+co)?\s*$",
    re.IGNORECASE,
)
# Words around the area, the indicator and the value: "nếu Khu 2 đạt 90 % thì sao".
_AROUND = re.compile(
    r"(?<!\w)(đạt|dat|được|duoc|lên|len|thì|thi|sao|reaches|reached|gets)(?!\w)", re.IGNORECASE
)
_STEPS = ("80%", "85%", "90%", "95%", "100%")
_MOST_BUTTONS = 6


@dataclass(frozen=True, slots=True)
class Asked:
    """What a text supposes, as far as it says so. `value` is "90%", "350/400", "yes" or "no"."""

    units: tuple[int, ...]
    code: str
    value: str


def asked(status: StatusView, typed: str, texts: Texts) -> Asked | None:
    """What a text supposes; None when it names no value. The area may be one of several."""
    found = _VALUE.search(typed)
    if found is None:
        return None
    rest = _AROUND.sub(" ", f"{typed[: found.start()]} {typed[found.end() :]}").strip(" ?.,")
    code, rest = _indicator(status, rest, texts)
    return Asked(_units(status, rest, texts), code, _value(found))


def _value(found: re.Match[str]) -> str:
    if found["percent"]:
        return found["percent"].replace(",", ".") + "%"
    if found["above"]:
        return f"{found['above']}/{found['below']}"
    return "yes" if found["yes"] else "no"


def _indicator(status: StatusView, text: str, texts: Texts) -> tuple[str, str]:
    """The indicator that the text names by code or short name, and the text without it."""
    for one in status.criteria.indicators:
        for name in (one.code, one.text(texts.language).short):
            match = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
            if match:
                return one.code, (text[: match.start()] + " " + text[match.end() :]).strip()
    return "", text


def _units(status: StatusView, text: str, texts: Texts) -> tuple[int, ...]:
    """The areas that the text may name: by code or name, else by a label that several have."""
    wanted = plain(text.replace("·", " "))
    exact = [
        unit for unit in status.areas
        if wanted in {plain(status.name(unit, texts)), status.units[unit].code.lower()}
    ]  # fmt: skip
    same = [unit for unit in status.areas if plain(status.units[unit].label) == wanted]
    return tuple(exact or same)


def how_screen(status: StatusView, texts: Texts) -> Screen:
    """How it is typed."""
    name = status.name(status.areas[0], texts) if status.areas else "…"
    return _screen(status, texts.say("suppose.how", unit=name), texts)


def which_screen(status: StatusView, given: Asked, texts: Texts) -> Screen:
    """Which of the areas that are called alike, or which indicator."""
    here, value = status.round_id, given.value
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
    asked_for = texts.say("suppose.which", unit=name, value=_said(value, texts))
    return _screen(status, asked_for, texts, rows)


def _fitting(status: StatusView, value: str) -> Sequence[Indicator]:
    kind = Kind.YES_NO if value in {"yes", "no"} else Kind.RATIO
    return [one for one in status.criteria.asked_of(office=False) if one.kind is kind]


class _Supposed(OfRound):
    unit: int | None = argument(optional_number)
    code: str = argument(text)
    value: str = argument(text)


@page("s.if", _Supposed, right=READER)
def suppose_button(context: Context, at: _Supposed) -> Screen | None:
    """What the button supposes; how it is typed when it supposes nothing yet."""
    return supposed(at.status, at.unit, at.code, at.value, context.texts)


def supposed(
    status: StatusView, unit: int | None, code: str, value: str, texts: Texts
) -> Screen | None:
    """The outcome, or what is still to be said; None when it fits nothing here."""
    if unit is None or not value:
        return how_screen(status, texts)
    if unit not in status.areas or _VALUE.fullmatch(value) is None or not _possible(value):
        return None
    if not code:
        return which_screen(status, Asked((unit,), "", value), texts)
    if all(one.code != code for one in _fitting(status, value)):
        return None
    answer = _answer(status, unit, code, value)
    if answer is None:
        no_total = texts.say("suppose.no_total", unit=status.name(unit, texts), code=code)
        return _screen(status, no_total, texts)
    return _outcome(status, unit, code, answer, value, texts)


def _answer(status: StatusView, unit: int, code: str, value: str) -> Value | None:
    """The answer to be supposed; None when the unit's total isn't known."""
    if value in {"yes", "no"}:
        return YesNo(value == "yes")
    if value.endswith("%"):
        return reaching(status.facts, unit, code, Fraction(value[:-1]) / 100)
    above, below = (int(part) for part in value.split("/"))
    return Ratio(above, below)


def _possible(value: str) -> bool:
    """Whether there can be such an answer: no share above everybody."""
    if value.endswith("%"):
        return Fraction(value[:-1]) <= 100
    if "/" in value:
        above, below = (int(part) for part in value.split("/"))
        return above <= below
    return True


def _outcome(
    status: StatusView, unit: int, code: str, answer: Value, value: str, texts: Texts
) -> Screen:
    result = score(status.criteria, suppose(status.facts, unit, code, answer))
    before, after = status.result.indicator(code), result.indicator(code)
    lines: list[str] = [
        texts.say(
            "suppose.title",
            unit=status.name(unit, texts),
            value=_said(value, texts),
            counts=Html(f" ({counts_text(answer, texts)})") if isinstance(answer, Ratio) else "",
        ),
        "",
        texts.say(
            "suppose.indicator",
            mark=MARKS[after.verdict],
            short=status.short(code, texts),
            before=figure(before, texts),
            after=figure(after, texts),
        ),
        _verdicts(before, after, texts),
    ]
    if after.ratio is not None and after.ratio.gap:
        lines.append(
            texts.say("suppose.gap", gap=after.ratio.gap, unit=unit_word(status, after, texts))
        )
    met = (status.result.met, result.met)
    key = "suppose.met_same" if met[0] == met[1] else "suppose.met"
    lines += [
        texts.say(key, before=met[0], after=met[1], total=result.total), "",
        texts.say("suppose.only"),
    ]  # fmt: skip
    shares = _STEPS if isinstance(answer, Ratio) else ()  # others to try
    here = status.round_id
    buttons = tuple(Button(one, suppose_button.data(here, unit, code, one)) for one in shares)
    return _screen(status, "\n".join(lines), texts, (buttons,) if buttons else ())


def _screen(status: StatusView, said: str, texts: Texts, rows: Rows = ()) -> Screen:
    return Screen(said, (*rows, (to_overview(status, texts),)))


def _verdicts(before: IndicatorResult, after: IndicatorResult, texts: Texts) -> Html:
    words = [texts.say(f"status.verdict.{one.verdict.value}") for one in (before, after)]
    if after.confirmation is not None:
        return texts.say("suppose.confirmed", verdict=words[1])
    if before.verdict is after.verdict:
        key = "suppose.still_met" if after.verdict is Verdict.MET else "suppose.still"
        return texts.say(key, verdict=words[1])
    return texts.say("suppose.verdict", before=words[0], after=words[1])


def _said(value: str, texts: Texts) -> str:
    if value in {"yes", "no"}:
        return texts.say(f"value.{value}")
    if value.endswith("%"):
        return line_text(Fraction(value[:-1]) / 100, texts.language)
    return value
