"""The summary before sending, the warning about gaps, and the receipt after."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from criteria.answers import Ratio, Value
from criteria.conversation import Question
from criteria.evenings import next_evening
from criteria.reminders import Dates, local_day
from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from handlers.report.view import ReportView
from handlers.report.wording import unit_text, value_text, with_how
from handlers.texts import Texts

PER_ROW = 4


def summary_screen(view: ReportView, texts: Texts) -> Screen:
    """All answers, "✏️" for each, and the button that sends."""
    unit = unit_text(view.unit, texts)
    title = "summary.title_sent" if view.sent else "summary.title"
    if not view.writable:
        title = "summary.title_closed"
    lines: list[str] = [texts.say(title, unit=unit, round=view.round.name), ""]
    lines += [_line(view, texts, number, q) for number, q in enumerate(view.questions, 1)]
    if any(answer.office is not None for answer in view.answers.values()):
        lines.append(texts.say("review.behalf.legend"))
    lines += _warnings(view, texts)
    if not view.writable:
        return Screen("\n".join(lines), ((_home_button(texts),),))
    lines += ["", texts.say("summary.hint_sent" if view.sent else "summary.hint")]
    edits = [
        Button(texts.say("button.edit", number=number), _press(view, "edit", q.code))
        for number, q in enumerate(view.questions, 1)
    ]
    rows = tuple(tuple(edits[i : i + PER_ROW]) for i in range(0, len(edits), PER_ROW))
    if not view.sent:
        rows += ((Button(texts.say("button.send"), _press(view, "send")),),)
    return Screen("\n".join(lines), rows)


def gaps_screen(view: ReportView, texts: Texts) -> Screen:
    """The warning before a report with gaps is sent."""
    missing = [n for n, q in enumerate(view.questions, 1) if q.open or q.unknown]
    lines: list[str] = [
        texts.say("gaps.ask", count=len(missing)),
        "",
        *[_line(view, texts, n, view.questions[n - 1]) for n in missing],
        "",
        texts.say("gaps.meaning"),
    ]
    rows = (
        (Button(texts.say("button.send_anyway"), _press(view, "send")),),
        (Button(texts.say("button.fill_in"), _press(view, "go")),),
        (Button(texts.say("button.to_summary"), _press(view, "back")),),
    )
    return Screen("\n".join(lines), rows)


def rest_screen(view: ReportView, texts: Texts, zone: ZoneInfo, now: datetime) -> Screen:
    """The evening's one question is dealt with: how many are left, when it goes on."""
    dates = Dates(view.round.opens_at, view.round.deadline, view.round.closes_at, zone)
    following = next_evening(now, dates)
    key = "evening.rest_whole"
    if following is not None:
        tonight = local_day(following, zone) == local_day(now, zone)
        key = "evening.rest_tonight" if tonight else "evening.rest_tomorrow"
    count = sum(q.open for q in view.questions)
    rows = (
        (Button(texts.say("evening.button.go_on"), _press(view, "go")),),
        (Button(texts.say("button.to_summary"), _press(view, "sum")),),
        (Button(texts.say("evening.button.off"), pack("e.off")),),
    )
    return Screen(texts.say(key, count=count, unit=unit_text(view.unit, texts)), rows)


def general_difficulty_screen(view: ReportView, texts: Texts) -> Screen:
    """A sentence is awaited on what stands in the way, whatever it is about."""
    back = Button(texts.say("button.to_summary"), _press(view, "back"))
    return Screen(texts.say("difficulty.ask_general"), ((back,),))


def receipt_screen(
    view: ReportView, texts: Texts, zone: ZoneInfo, effects: Sequence[str], now: datetime
) -> Screen:
    """What was sent, when, under which code, and what it did for the commune."""
    answered = sum(q.answer is not None for q in view.questions)
    sent_at = view.report.sent_at or now
    lines: list[str] = [
        texts.say("receipt.title", unit=unit_text(view.unit, texts), round=view.round.name),
        texts.say(
            "receipt.facts",
            number=view.report.sends,
            when=texts.time(sent_at, zone),
            code=view.report.code or "",
        ),
        texts.say("receipt.count", answered=answered, count=len(view.questions)),
    ]
    if view.report.late:
        lines.append(texts.say("receipt.late"))
    if effects:
        lines += ["", *effects]
    thanks = "receipt.thanks_office" if view.unit.office else "receipt.thanks"
    lines += ["", texts.say(thanks, closes=texts.day(view.round.closes_at, zone))]
    rows: list[tuple[Button, ...]] = [(Button(texts.say("button.correct"), _press(view, "sum")),)]
    if any(answer.how is None and _counted(answer.value) for answer in view.answers.values()):
        rows.append((Button(texts.say("how.button.open"), pack("w.all", view.report.id)),))
    rows.append((Button(texts.say("button.status"), pack("st")),))
    return Screen("\n".join(lines), tuple(rows))


def _line(view: ReportView, texts: Texts, number: int, question: Question) -> str:
    indicator = view.indicator(question.code)
    short = indicator.text(texts.language).short
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


def _warnings(view: ReportView, texts: Texts) -> list[str]:
    late = [str(n) for n, q in enumerate(view.questions, 1) if view.late_pieces(q.code)]
    missing = [
        str(n)
        for n, q in enumerate(view.questions, 1)
        if view.lacks_evidence(q.code) and not view.late_pieces(q.code)
    ]
    said = {"missing": missing, "late": late}
    lines = [
        texts.say(f"summary.evidence_{what}", numbers=", ".join(numbers))
        for what, numbers in said.items()
        if numbers
    ]
    return ["", *lines] if lines else []


def _counted(value: Value | None) -> bool:
    return isinstance(value, Ratio) and value.denominator > 0


def _press(view: ReportView, action: str, code: str = "") -> str:
    return pack(action, view.report.id, code, view.revision)


def _home_button(texts: Texts) -> Button:
    return Button(texts.say("button.home"), pack("home"))
