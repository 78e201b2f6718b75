"""The table of a whole report: what was read of each question, before anything of it counts."""

from collections.abc import Sequence
from hashlib import blake2b

from criteria.answers import Value
from criteria.conversation import Line, Report
from handlers.flow.page import Page
from handlers.report.view import ReportView
from handlers.report.wording import unit_text, value_text
from handlers.texts import Html, Texts, shortened

_ASKED = frozenset({"check", "total", "unclear", "open"})  # asked one by one afterwards
_LONGEST_QUOTE = 60


def table_page(view: ReportView, texts: Texts, report: Report, lines: Sequence[Line]) -> Page:
    """The table without its buttons."""
    page = Page(texts)
    page.say("table.title", unit=unit_text(view.unit, texts), round=view.round.name).line()
    page.line(*(_line(view, texts, one) for one in lines), "")
    states = {one.state for one in lines}
    if "likely" in states:
        page.say("table.likely_legend")
    asked = [str(one.number) for one in lines if one.state in _ASKED]
    if asked:
        page.say("table.asked_after", numbers=", ".join(asked))
    if report.unread:
        page.say("table.unread", text=shortened("; ".join(report.unread), _LONGEST_QUOTE))
    if report.sends:
        page.say("table.sends_after" if asked else "table.sends")
    return page.say("table.hint")


def checksum(report: Report, lines: Sequence[Line]) -> str:
    """By which a press tells whether the table still stands as it was shown."""
    shown = repr((tuple(lines), report.sends, report.unread))
    return blake2b(shown.encode(), digest_size=6).hexdigest()


def _line(view: ReportView, texts: Texts, line: Line) -> Html:
    indicator = view.indicator(line.code)
    before = Html("")
    if line.before is not None and line.state not in {"stands", "open"}:
        before = texts.say("table.before", value=value_text(line.before, texts, indicator))
    if line.put is not None and line.put.commune_total is not None:
        total = texts.say("summary.total_pending", total=line.put.commune_total)
        before = Html(f"{before} {total}")
    return texts.say(
        f"table.{line.state}",
        number=line.number,
        short=indicator.text(texts.language).short,
        value=_value(view, texts, line),
        before=before,
    )


def _value(view: ReportView, texts: Texts, line: Line) -> Html:
    value: Value | int | None = line.before if line.state == "stands" else line.value
    if isinstance(value, int):
        return Html(texts.number(value))
    if value is None:
        return texts.say("summary.unknown")
    shown = value_text(value, texts, view.indicator(line.code))
    return texts.say("table.same", value=shown) if line.same and line.put else shown
