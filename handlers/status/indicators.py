"""By indicator: which one, and its figures with the values of every unit."""

from criteria.percent import line_text, percent_text, share_text
from criteria.scoring import IndicatorResult, RatioFigures, Verdict
from handlers.flow.channel import Button, Screen
from handlers.flow.page import page_of, turning
from handlers.flow.press import pack
from handlers.report.wording import value_text
from handlers.status.lines import MARKS, areas_said, how_line, said, shortened, unit_word
from handlers.status.view import StatusView, listed
from handlers.texts import Html, Texts

_PAGE = 5
_UNITS_PAGE = 20
_NAMES_LENGTH = 300
_MOST_UNCOVERED = 3
_LONGEST_REASON = 300


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
    lines: list[Html] = []
    if one.ratio is not None:
        lines += _about_ratio(status, one, one.ratio, texts)
    if one.yes_no is not None and one.roll_up.value != "office":
        lines.append(
            texts.say(f"status.rule.{one.roll_up.value}", share=_share(one, status, texts))
        )
        if one.verdict is Verdict.INSUFFICIENT:
            lines.append(texts.say("status.needed", count=one.yes_no.needed))
        elif one.yes_no.out_of_reach and one.confirmation is None:
            lines.append(texts.say("status.certainly_not"))
        if one.confirmation is not None:
            lines.append(
                texts.say(
                    "status.reason", reason=shortened(one.confirmation.reason, _LONGEST_REASON)
                )
            )
            lines.append(texts.say("status.areas_own", counts=areas_said(one.yes_no, texts)))
    lines += _last_time(status, one, texts)
    return lines


def _about_ratio(
    status: StatusView, one: IndicatorResult, ratio: RatioFigures, texts: Texts
) -> list[Html]:
    lines: list[Html] = []
    word = unit_word(status, one, texts)
    if ratio.denominator:
        counts = f"{texts.number(ratio.numerator)}/{texts.number(ratio.denominator)}"
        lines.append(texts.say("status.counts", counts=counts, unit=word))
    if one.missing and ratio.expected and ratio.denominator:
        lines.append(
            texts.say(
                "status.people_covered",
                counted=ratio.denominator,
                expected=ratio.expected,
                unit=word,
            )
        )
    if one.verdict is Verdict.INSUFFICIENT:
        lines += _what_decides(status, one, ratio, texts)
    elif one.missing and one.verdict is Verdict.NOT_MET:
        key = "status.certainly_not_by_totals" if one.by_totals else "status.certainly_not"
        lines.append(texts.say(key))
    elif one.by_totals:
        lines.append(texts.say("status.by_totals"))
    how = how_line(status, one, texts)
    lines += [how] if how is not None else []
    if ratio.gap and ratio.uncovered:
        most = ratio.uncovered[:_MOST_UNCOVERED]
        names = ", ".join(f"{status.name(o.unit, texts)} ({texts.number(o.count)})" for o in most)
        lines.append(texts.say("status.uncovered", names=names))
    return lines


def _what_decides(
    status: StatusView, one: IndicatorResult, ratio: RatioFigures, texts: Texts
) -> list[Html]:
    lines: list[Html] = []
    if ratio.unknown:
        names = listed((status.name(u, texts) for u in ratio.unknown), texts, most=_NAMES_LENGTH)
        return [texts.say("status.figure_missing", names=names)]
    if ratio.low is not None and ratio.high is not None:
        lines.append(
            texts.say(
                "status.bounds",
                low=share_text(ratio.low, ratio.threshold, texts.language),
                high=share_text(ratio.high, ratio.threshold, texts.language),
            )
        )
    if ratio.deciding:
        names = listed((status.name(u, texts) for u in ratio.deciding), texts, most=_NAMES_LENGTH)
        lines.append(texts.say("status.deciding", names=names))
    return lines


def _last_time(status: StatusView, one: IndicatorResult, texts: Texts) -> list[Html]:
    last = status.last_of(one)
    if last is None:
        return []
    verdict = texts.say(f"status.verdict.{last.verdict.value}")
    if last.ratio is None or not last.ratio.denominator:
        return [texts.say("status.last_verdict", verdict=verdict)]
    percent = percent_text(
        last.ratio.numerator, last.ratio.denominator, last.ratio.threshold, texts.language
    )
    return [texts.say("status.last_share", percent=percent, verdict=verdict)]


def _share(one: IndicatorResult, status: StatusView, texts: Texts) -> str:
    share = status.criteria.indicator(one.code).share
    return line_text(share, texts.language) if share is not None else ""


def _short(status: StatusView, one: IndicatorResult, texts: Texts) -> str:
    return status.criteria.indicator(one.code).text(texts.language).short


def _back(status: StatusView, texts: Texts) -> Button:
    return Button(texts.say("status.button.overview"), pack("s.full", status.round_id))
