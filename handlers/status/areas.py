"""By area: who has sent what, and the values of one area."""

from collections.abc import Mapping, Sequence

from criteria.answers import Ratio
from criteria.definition import Indicator
from criteria.percent import percent_text
from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.reporting.wording import value_text
from handlers.status.lines import STATE_MARKS
from handlers.status.pages import page_of, turning
from handlers.status.picture import Picture, Standing, listed
from handlers.texts import Html, Texts

_PAGE = 5
_STATES = ("sent", "accepted", "returned", "draft", "none")
_NAMES_LENGTH = 500


def areas_screen(picture: Picture, page: int, texts: Texts) -> Screen:
    """All areas by the state of their report, and a page of them to open."""
    lines: list[str] = [texts.say("status.areas.title", round=picture.round), ""]
    for state in _STATES:
        units = [unit for unit in picture.areas if picture.state_of(unit) == state]
        if units:
            lines.append(
                texts.say(
                    "status.areas.state",
                    mark=STATE_MARKS[state],
                    state=texts.say(f"status.state.{state}"),
                    count=len(units),
                    names=listed(
                        (picture.name(u, texts) for u in units), texts, most=_NAMES_LENGTH
                    ),
                )
            )
    units = [*picture.areas, picture.facts.office]
    shown, page, pages = page_of(units, page, _PAGE)
    lines += ["", texts.say("status.areas.tap")]
    rows = [_row(picture, unit, texts) for unit in shown]
    rows += turning(page, pages, lambda n: pack("s.areas", picture.round_id, n), texts)
    rows.append((_back(picture, texts),))
    return Screen("\n".join(lines), tuple(rows))


def same_name_screen(picture: Standing, units: Sequence[int], texts: Texts) -> Screen:
    """The areas that a typed name may mean, to choose one."""
    shown, _, _ = page_of(units, 0, _PAGE)
    rows = [_row(picture, unit, texts) for unit in shown]
    return Screen(texts.say("status.areas.same"), (*rows, (_back(picture, texts),)))


def _row(picture: Standing, unit: int, texts: Texts) -> tuple[Button, ...]:
    mark = STATE_MARKS[picture.state_of(unit)]
    press = pack("s.area", picture.round_id, unit)
    return (Button(f"{mark} {picture.name(unit, texts)}", press),)


def area_screen(
    picture: Picture,
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
    lines = area_lines(picture, unit, texts, pending)
    asked = asked_of(picture, unit)
    names = [one.text(texts.language).short for one in asked if one.code in entered]
    if names:
        lines.append(texts.say("review.behalf.entered", names=", ".join(names)))
    rows: list[tuple[Button, ...]] = []
    if officer and unit != picture.facts.office and not picture.closed:
        if picture.state_of(unit) not in {"sent", "accepted"}:
            press = pack("v.open", picture.round_id, unit)
            rows.append((Button(texts.say("review.button.behalf_here"), press),))
        elif report is not None:
            press = pack("v.one", report)
            rows.append((Button(texts.say("review.button.look"), press),))
    place = _page_of_unit(picture, unit)
    areas = Button(texts.say("status.button.areas"), pack("s.areas", picture.round_id, place))
    return Screen("\n".join(lines), (*rows, (areas, _back(picture, texts))))


def area_lines(
    picture: Picture, unit: int, texts: Texts, pending: Mapping[str, int] | None = None
) -> list[str]:
    """The unit's name, its report's state, and a line for each thing it is asked."""
    lines = [*area_head(picture, unit, texts), ""]
    for one in asked_of(picture, unit):
        lines.append(_value_line(picture, unit, one, texts))
        value = picture.facts.counted.get((unit, one.code))
        total = (pending or {}).get(one.code)
        if isinstance(value, Ratio) and total is not None:
            lines.append(_pending_line(value, total, one, texts))
    return lines


def area_head(picture: Picture, unit: int, texts: Texts) -> list[str]:
    """The unit's name and the state of its report."""
    state = picture.state_of(unit)
    key = "status.area.late" if unit in picture.late else "status.area.state"
    return [
        texts.say("status.area.title", unit=picture.name(unit, texts), round=picture.round),
        texts.say(key, mark=STATE_MARKS[state], state=texts.say(f"status.state.{state}")),
    ]


def asked_of(picture: Picture, unit: int) -> tuple[Indicator, ...]:
    """What the unit is asked."""
    return picture.criteria.asked_of(office=unit == picture.facts.office)


def _value_line(picture: Picture, unit: int, indicator: Indicator, texts: Texts) -> Html:
    value = picture.facts.counted.get((unit, indicator.code))
    said = value_text(value, texts, indicator) if value is not None else Html("—")
    short = indicator.text(texts.language, office=unit == picture.facts.office).short
    return texts.say("status.area.value", short=short, value=said)


def _pending_line(value: Ratio, total: int, indicator: Indicator, texts: Texts) -> Html:
    """Both results stand side by side: the reporter's pair above, over the commune's total here."""
    if value.numerator > total:
        return texts.say("status.area.pending_less", total=total)
    percent = percent_text(value.numerator, total, indicator.threshold, texts.language)
    return texts.say("status.area.pending", total=total, percent=percent)


def _page_of_unit(picture: Picture, unit: int) -> int:
    units = [*picture.areas, picture.facts.office]
    return units.index(unit) // _PAGE if unit in units else 0


def _back(picture: Standing, texts: Texts) -> Button:
    return Button(texts.say("status.button.overview"), pack("s.full", picture.round_id))
