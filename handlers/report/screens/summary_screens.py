"""The summary, the warning about gaps, the receipt, and the table of a whole report."""

from collections.abc import Sequence
from datetime import datetime
from hashlib import blake2b
from zoneinfo import ZoneInfo

from criteria.answers import Value
from criteria.conversation import Line, Question, WholeReport
from criteria.evenings import next_evening
from criteria.reminders import local_day
from handlers.flow.channel import Button, Screen
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.press import Press
from handlers.report.view import ReportView
from handlers.report.wording import value_text, with_how
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html, Texts, shortened
from storage.rounds.rounds import Round

PER_ROW = 4
_ASKED = frozenset({"check", "total", "unclear", "open"})  # asked one by one afterwards
_LONGEST_QUOTE = 60


def summary_screen(view: ReportView, texts: Texts) -> Screen:
    """Return all answers with a "✏️" for each, and the button that sends the report."""
    sent = view.report.is_in
    title = "summary.title_sent" if sent else "summary.title"
    page = ScreenBuilder(texts).say(
        title, unit=view.unit_name(texts), round=round_text(view.round, texts)
    )
    _add_answers(page, view, texts)
    _add_warnings(page, view, texts)
    page.line().say("summary.hint_sent" if sent else "summary.hint")
    edits = [
        Button(texts.say("button.edit", number=number), _to(view, "edit", q.code).data)
        for number, q in enumerate(view.questions, 1)
    ]
    page.grid(edits, PER_ROW)
    return page.screen() if sent else page.button("button.send", _to(view, "send")).screen()


def closed_screen(view: ReportView, texts: Texts, following: Round | None) -> Screen:
    """Return the answers of a closed round, whether they were sent, and the next open round."""
    page = ScreenBuilder(texts)
    page.say("summary.title_closed", unit=view.unit_name(texts), round=view.round.name)
    if not view.report.sends:
        page.say("summary.never_sent")
    if following is not None:
        page.say("summary.following", round=following.name)
        page.button("button.report", to("pick", following.id, view.unit.id))
    _add_answers(page, view, texts)
    return page.home().screen()


def _add_answers(page: ScreenBuilder, view: ReportView, texts: Texts) -> None:
    page.line("", *(_line(view, texts, n, q) for n, q in enumerate(view.questions, 1)))
    if any(answer.office is not None for answer in view.answers.values()):
        page.say("review.behalf.legend")


def gaps_screen(view: ReportView, texts: Texts) -> Screen:
    """Return the warning before a report with gaps is sent."""
    missing = [(n, q) for n, q in enumerate(view.questions, 1) if q.open or q.unknown]
    page = ScreenBuilder(texts).say("gaps.ask", count=len(missing)).line()
    page.line(*(_line(view, texts, number, question) for number, question in missing), "")
    page.say("gaps.meaning").button("button.send_anyway", _to(view, "send"))
    page.button("button.fill_in", _to(view, "go"))
    return page.button("button.to_summary", _to(view, "back")).screen()


def rest_screen(view: ReportView, texts: Texts, zone: ZoneInfo, now: datetime) -> Screen:
    """Return the screen after an evening's question: how many are left, and when the next comes."""
    following = next_evening(now, view.round.dates(zone))
    key = "evening.rest_whole"
    if following is not None:
        tonight = local_day(following, zone) == local_day(now, zone)
        key = "evening.rest_tonight" if tonight else "evening.rest_tomorrow"
    count = sum(q.open for q in view.questions)
    page = ScreenBuilder(texts).say(key, count=count, unit=view.unit_name(texts))
    page.button("evening.button.go_on", _to(view, "go"))
    page.button("button.to_summary", _to(view, "sum"))
    return page.button("evening.button.off", to("e.off")).screen()


def general_difficulty_screen(view: ReportView, texts: Texts) -> Screen:
    """Return the screen that asks for a difficulty that is about no single question."""
    page = ScreenBuilder(texts).say("difficulty.ask_general")
    return page.button("button.to_summary", _to(view, "back")).screen()


def receipt_screen(
    view: ReportView, texts: Texts, zone: ZoneInfo, effects: Sequence[str], now: datetime,
    same: int,
) -> Screen:  # fmt: skip
    """Return the receipt: when the report was sent, its code and its effect for the commune.

    `same`: the number of answers that were taken unchanged from the last period.
    """
    report, when = view.report, texts.time(view.report.sent_at or now, zone)
    answered = sum(q.answer is not None for q in view.questions)
    page = ScreenBuilder(texts)
    page.say("receipt.title", unit=view.unit_name(texts), round=round_text(view.round, texts))
    page.say("receipt.facts", number=report.sends, when=when, code=report.code or "")
    page.say("receipt.count", answered=answered, count=len(view.questions))
    if same:
        page.say("table.unchanged", same=same, count=len(view.questions))
    if report.late:
        page.say("receipt.late")
    if effects:
        page.line("", *effects)
    thanks = "receipt.thanks_office" if view.unit.office else "receipt.thanks"
    page.line().say(thanks, closes=texts.day(view.round.closes_at, zone))
    page.button("button.correct", _to(view, "sum"))
    if view.without_method:
        page.button("how.button.open", to("w.all", report.id))
    return page.button("button.status", to("st")).screen()


def _line(view: ReportView, texts: Texts, number: int, question: Question) -> str:
    indicator = view.indicator(question.code)
    short = texts.short(indicator)
    if question.answer is not None:
        answer = view.answers.get(question.code)
        how = answer.how if answer is not None else None
        value: str = with_how(value_text(question.answer, texts, indicator), how, texts)
        if answer is not None and answer.commune_total is not None:
            value += " " + texts.say("summary.total_pending", total=answer.commune_total)
        if answer is not None and answer.office is not None:
            value += " ☎️"
    else:
        value = texts.say("summary.unknown" if question.unknown else "summary.missing")
    mark = "" if question.answer is not None and not question.returned else "⚠️ "
    clip = " 📎" * bool(view.pieces(question.code))
    return f"{mark}{number}. {short}: <b>{value}</b>{clip}"


def _add_warnings(page: ScreenBuilder, view: ReportView, texts: Texts) -> None:
    late, missing = [], []
    for number, question in enumerate(view.questions, 1):
        if view.late_pieces(question.code):
            late.append(str(number))
        elif view.lacks_evidence(question.code):
            short = texts.short(view.indicator(question.code))
            missing.append(texts.say("summary.evidence_one", number=number, short=short))
    if missing or late:
        page.line()
    if missing:
        page.say("summary.evidence_missing", names=Html(", ".join(missing)))
    if late:
        page.say("summary.evidence_late", numbers=", ".join(late))


def _to(view: ReportView, action: str, code: str = "") -> Press:
    return to(action, view.report.id, code, view.revision)


def table_page(
    view: ReportView, texts: Texts, report: WholeReport, lines: Sequence[Line]
) -> ScreenBuilder:
    """Return the table without its buttons."""
    page = ScreenBuilder(texts)
    page.say("table.title", unit=view.unit_name(texts), round=view.round.name).line()
    page.line(*(_table_line(view, texts, one) for one in lines), "")
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


def checksum(report: WholeReport, lines: Sequence[Line]) -> str:
    """Return a checksum of the table, by which a press detects that it has changed."""
    shown = repr((tuple(lines), report.sends, report.unread))
    return blake2b(shown.encode(), digest_size=6).hexdigest()


def _table_line(view: ReportView, texts: Texts, line: Line) -> Html:
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
        short=texts.short(indicator),
        value=_table_value(view, texts, line),
        before=before,
    )


def _table_value(view: ReportView, texts: Texts, line: Line) -> Html:
    value: Value | int | None = line.before if line.state == "stands" else line.value
    if isinstance(value, int):
        return Html(texts.number(value))
    if value is None:
        return texts.say("summary.unknown")
    shown = value_text(value, texts, view.indicator(line.code))
    return texts.say("table.same", value=shown) if line.same and line.put else shown
