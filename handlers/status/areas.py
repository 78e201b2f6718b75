"""By area: who has sent what, and the values of one area."""

from collections.abc import Mapping, Sequence

from criteria.answers import Ratio
from criteria.definition import Indicator
from criteria.percent import percent_text
from handlers.flow.channel import Button, Screen
from handlers.flow.page import page_of, turning
from handlers.flow.press import pack
from handlers.report.wording import value_text
from handlers.status.lines import STATE_MARKS
from handlers.status.view import Standing, StatusView, listed
from handlers.texts import Html, Texts

_PAGE = 5
_STATES = ("sent", "accepted", "returned", "draft", "none")
_NAMES_LENGTH = 500


def areas_screen(status: StatusView, page: int, texts: Texts) -> Screen:
    """All areas by the state of their report, and a page of them to open."""
    lines: list[str] = [texts.say("status.areas.title", round=status.round), ""]
    for state in _STATES:
        units = [unit for unit in status.areas if status.state_of(unit) == state]
        if units:
            lines.append(
                texts.say(
                    "status.areas.state",
                    mark=STATE_MARKS[state],
                    state=texts.say(f"status.state.{state}"),
                    count=len(units),
                    names=listed((status.name(u, texts) for u in units), texts, most=_NAMES_LENGTH),
                )
            )
    units = [*status.areas, status.facts.office]
    shown, page, pages = page_of(units, page, _PAGE)
    lines += ["", texts.say("status.areas.tap")]
    rows = [_row(status, unit, texts) for unit in shown]
    rows += turning(page, pages, lambda n: pack("s.areas", status.round_id, n), texts)
    rows.append((_back(status, texts),))
    return Screen("\n".join(lines), tuple(rows))


def same_name_screen(status: Standing, units: Sequence[int], texts: Texts) -> Screen:
    """The areas that a typed name may mean, to choose one."""
    shown, _, _ = page_of(units, 0, _PAGE)
    rows = [_row(status, unit, texts) for unit in shown]
    return Screen(texts.say("status.areas.same"), (*rows, (_back(status, texts),)))


def _row(status: Standing, unit: int, texts: Texts) -> tuple[Button, ...]:
    mark = STATE_MARKS[status.state_of(unit)]
    press = pack("s.area", status.round_id, unit)
    return (Button(f"{mark} {status.name(unit, texts)}", press),)


def area_screen(
    status: StatusView,
    unit: int,
    texts: Texts,
    pending: Mapping[str, int] | None = None,
    *,
    report: int | None = None,
    officer: bool = False,
    entered: frozenset[str] = frozenset(),
) -> Screen:
    """One unit's answers that count; what is missing is a dash, never a zero.

    `pending` are the commune's own totals where the unit gave others. An officer goes on from here
    to the area's `report`, or to enter it on the area's behalf. `entered` is what the office gave.
    """
    lines = area_lines(status, unit, texts, pending)
    asked = asked_of(status, unit)
    names = [one.text(texts.language).short for one in asked if one.code in entered]
    if names:
        lines.append(texts.say("review.behalf.entered", names=", ".join(names)))
    rows: list[tuple[Button, ...]] = []
    if officer and unit != status.facts.office and not status.closed:
        if status.state_of(unit) not in {"sent", "accepted"}:
            press = pack("v.open", status.round_id, unit)
            rows.append((Button(texts.say("review.button.behalf_here"), press),))
        elif report is not None:
            press = pack("v.one", report)
            rows.append((Button(texts.say("review.button.look"), press),))
    place = _page_of_unit(status, unit)
    areas = Button(texts.say("status.button.areas"), pack("s.areas", status.round_id, place))
    return Screen("\n".join(lines), (*rows, (areas, _back(status, texts))))


def area_lines(
    status: StatusView, unit: int, texts: Texts, pending: Mapping[str, int] | None = None
) -> list[str]:
    """The unit's name, its report's state, and a line for each thing it is asked."""
    lines = [*area_head(status, unit, texts), ""]
    for one in asked_of(status, unit):
        lines.append(_value_line(status, unit, one, texts))
        value = status.facts.counted.get((unit, one.code))
        total = (pending or {}).get(one.code)
        if isinstance(value, Ratio) and total is not None:
            lines.append(_pending_line(value, total, one, texts))
    return lines


def area_head(status: StatusView, unit: int, texts: Texts) -> list[str]:
    """The unit's name and the state of its report."""
    state = status.state_of(unit)
    key = "status.area.late" if unit in status.late else "status.area.state"
    return [
        texts.say("status.area.title", unit=status.name(unit, texts), round=status.round),
        texts.say(key, mark=STATE_MARKS[state], state=texts.say(f"status.state.{state}")),
    ]


def asked_of(status: StatusView, unit: int) -> tuple[Indicator, ...]:
    """What the unit is asked."""
    return status.criteria.asked_of(office=unit == status.facts.office)


def _value_line(status: StatusView, unit: int, indicator: Indicator, texts: Texts) -> Html:
    value = status.facts.counted.get((unit, indicator.code))
    said = value_text(value, texts, indicator) if value is not None else Html("—")
    short = indicator.text(texts.language, office=unit == status.facts.office).short
    return texts.say("status.area.value", short=short, value=said)


def _pending_line(value: Ratio, total: int, indicator: Indicator, texts: Texts) -> Html:
    """Both results stand side by side: the reporter's pair above, over the commune's total here."""
    if value.numerator > total:
        return texts.say("status.area.pending_less", total=total)
    percent = percent_text(value.numerator, total, indicator.threshold, texts.language)
    return texts.say("status.area.pending", total=total, percent=percent)


def _page_of_unit(status: StatusView, unit: int) -> int:
    units = [*status.areas, status.facts.office]
    return units.index(unit) // _PAGE if unit in units else 0


def _back(status: Standing, texts: Texts) -> Button:
    return Button(texts.say("status.button.overview"), pack("s.full", status.round_id))
