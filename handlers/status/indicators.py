"""By indicator: which one, and its figures with the values of every unit."""

from criteria.scoring import IndicatorResult
from handlers.flow.channel import Button, Screen
from handlers.flow.page import page_of, turning
from handlers.flow.press import pack
from handlers.kinds.base import presentation_of
from handlers.report.wording import value_text
from handlers.status.lines import MARKS, said
from handlers.status.view import StatusView
from handlers.texts import Html, Texts

_PAGE = 5
_UNITS_PAGE = 20


def indicators_screen(status: StatusView, page: int, texts: Texts) -> Screen:
    """A page of indicators to open."""
    shown, page, pages = page_of(status.result.indicators, page, _PAGE)
    lines = [texts.say("status.indicators.title", round=status.round)]
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                f"{MARKS[one.verdict]} {_short(status, one, texts)}",
                pack("s.ind", status.round_id, one.code),
            ),
        )
        for one in shown
    ]
    rows += turning(page, pages, lambda n: pack("s.inds", status.round_id, n), texts)
    rows.append((_back(status, texts),))
    return Screen("\n".join(lines), tuple(rows))


def indicator_screen(
    status: StatusView, code: str, page: int, texts: Texts, *, officer: bool
) -> Screen:
    """The official wording, the figures, what would decide, and a page of the units' values."""
    one = status.result.indicator(code)
    indicator = status.criteria.indicator(code)
    lines: list[str] = [
        texts.say(
            "status.indicator.title",
            mark=MARKS[one.verdict],
            short=_short(status, one, texts),
            verdict=texts.say(f"status.verdict.{one.verdict.value}"),
        ),
        texts.say("status.indicator.wording", wording=indicator.wording),
        "",
        said(status, one, texts),
        *_about(status, one, texts),
        "",
    ]
    shown, page, pages = page_of(one.units, page, _UNITS_PAGE)
    for unit in shown:
        value = status.facts.counted.get((unit, code))
        text = value_text(value, texts, indicator) if value is not None else Html("—")
        name = status.name(unit, texts)
        lines.append(texts.say("status.indicator.unit", unit=name, value=text))
    rows = list(turning(page, pages, lambda n: pack("s.ind", status.round_id, code, n), texts))
    if officer and indicator.confirmable and not status.closed:
        confirm = pack("conf", status.round_id, code)
        rows.append((Button(texts.say("status.button.confirm"), confirm),))
    place = [o.code for o in status.result.indicators].index(code) // _PAGE
    to_list = pack("s.inds", status.round_id, place)
    rows.append(
        (Button(texts.say("status.button.indicators"), to_list), _back(status, texts)),
    )
    return Screen("\n".join(lines), tuple(rows))


def _about(status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
    lines = presentation_of(one.kind).about(status, one, texts)
    last = status.last_of(one)
    if last is not None:
        lines.append(presentation_of(last.kind).last_time(last, texts))
    return lines


def _short(status: StatusView, one: IndicatorResult, texts: Texts) -> str:
    return status.criteria.indicator(one.code).text(texts.language).short


def _back(status: StatusView, texts: Texts) -> Button:
    return Button(texts.say("status.button.overview"), pack("s.full", status.round_id))
