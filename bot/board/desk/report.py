"""The page of one report: answers with earlier values and marks, evidence, and the forms."""

from typing import Any
from zlib import crc32

from bot.board.desk.form_actions import (
    ActionResult,
    FormFields,
    Refused,
    form,
    press_button,
    type_text,
    value_of,
)
from bot.board.pages import PageContent, PageRequest, page_of
from bot.board.results.evidence import pieces_of
from bot.board.results.heading import heading
from criteria.conversation import Question
from criteria.kinds import kind_of
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next
from handlers.kinds.base import presentation_of
from handlers.report.view import ReportView
from handlers.report.wording import counts_text, value_text
from handlers.review.cases import MARKS, Asked, Reviewed, checksum, marks_of, signs
from handlers.review.correcting import ask_reason, ask_value, press_value
from handlers.review.returning import ask_note
from handlers.review.screens import accept, one_report, pending_lines, waiting_list
from handlers.review.totals import both_totals
from handlers.status.areas import one_area
from handlers.status.overview import whole_commune
from handlers.texts import Html
from storage.results.unchanged import unchanged

KEY = one_report.keys[0]
_NO_ANSWER = "?"  # in a form's copy of the report


@page_of(one_report, "desk_report.html")
def report(request: PageRequest, view: Reviewed) -> PageContent:
    """Show everything about one report on one page, with a form for each action."""
    texts, context = request.texts, request.context
    loaded = whole_commune.load(context, whole_commune.at(view.round))
    if loaded is None:
        return None
    status = loaded["status"]
    state, writable = view.report.state, view.writable
    when = texts.time(view.report.sent_at or context.now, context.deployment.zone)
    entered = any(one.office is not None for one in view.answers.values())
    present = {mark for one in view.questions for mark in marks_of(view, one)}
    same = len(unchanged(context.tx, view.id))
    seen, now = request.query.get("seen", ""), seen_of(view)
    pieces = pieces_of(request, view.report)
    rows = [_row(request, view, one, pieces, _before(seen, one.code)) for one in view.questions]
    known = {one.code for one in view.questions}
    return {
        **heading(request, status),
        "about": status,
        "name": texts.unit(view.unit),
        "state": texts.say(f"review.state.{state}", when=when),
        "late": view.report.late,
        "rows": rows,
        "seen": now,
        "same": texts.say("table.unchanged", same=same, count=len(view.questions)) if same else "",
        "legend": [
            f"{MARKS[one]} {texts.say(f'review.mark.{one}')}" for one in MARKS if one in present
        ]
        + ([texts.say("review.behalf.legend")] if entered else []),
        "pieces": [one for one in pieces if one["code"] not in known],
        "accept": request.link(accept, view, checksum(view))
        if writable and state == "sent"
        else "",
        "note_typed": value_of(request.refused, "text"),
        "return_": request.link(returned, view) if writable and view.report.is_in else "",
        "note_sent": view.report.return_note or "" if state == "returned" else "",
        "list_": request.link(waiting_list, view.round) if writable else "",
        "area": request.link(one_area, status, view.unit.id),
    }


def _row(
    request: PageRequest, view: ReportView, one: Question, pieces: list[dict[str, Any]],
    before: str | None,
) -> dict[str, Any]:  # fmt: skip
    texts, indicator, refused = request.texts, view.indicator(one.code), request.refused
    typed = refused if value_of(refused, "of") == one.code else {}
    ticked = one.code in refused["question"] if "question" in refused else None
    answer, marks = view.answers.get(one.code), marks_of(view, one)
    if one.answer is not None:
        shown = value_text(one.answer, texts, indicator)
    else:
        shown = texts.say("summary.unknown" if one.unknown else "summary.missing")
    hint = presentation_of(one.kind).correction_hint(texts, one.total, indicator)
    return {
        "code": one.code,
        "number": view.number_of(one.code),
        "short": texts.short(view.indicator(one.code)),
        "answer": Html(shown),
        "last": counts_text(one.last, texts) if one.last is not None else "—",
        "marks": [(signs((mark,)), texts.say(f"review.mark.{mark}")) for mark in marks],
        "ticked": bool(marks) if ticked is None else ticked,
        "typed": {name: value_of(typed, name) for name in ("value", "reason")},
        "office": answer is not None and answer.office is not None,
        "asked_again": one.returned,
        "pending": pending_lines(view, one, texts),
        "totals": request.link(both_totals, view, one.code) if "total" in marks else "",
        "pieces": [piece for piece in pieces if piece["code"] == one.code],
        "correct": request.link(corrected, view, one) if view.writable else "",
        "hint": hint or "",
        "choices": [
            (texts.say(key), written)
            for key, _, written in presentation_of(one.kind).answer_buttons
        ],
        "was": _value_before(request, view, one, before),
    }


# --- whether the report has changed since the form was shown --------------------------------------


def seen_of(view: ReportView) -> str:
    """Return a short copy of the report for its forms, to find what has changed since then."""
    found = [f"{view.report.state}"]
    for one in view.questions:
        answer = view.answers.get(one.code)
        value = kind_of(one.kind).written(one.answer) if one.answer is not None else _NO_ANSWER
        stamp = (
            crc32(repr((answer.given_at, answer.office, answer.returned)).encode()) if answer else 0
        )
        found.append(f"{one.code}={value}={stamp:x}")
    return ";".join(found)


def _before(seen: str, code: str) -> str | None:
    """Return the answer to a question in a form's copy of the report; None without one."""
    found = dict(one.split("=", 1) for one in seen.split(";")[1:] if "=" in one)
    return found[code].rpartition("=")[0] if code in found else None


def _value_before(
    request: PageRequest, view: ReportView, one: Question, before: str | None
) -> Html | str:
    """Return the earlier answer as a text if the present one differs; else an empty text."""
    kind = kind_of(one.kind)
    now = kind.written(one.answer) if one.answer is not None else _NO_ANSWER
    if before is None or before == now:
        return ""
    value = kind.completed(kind.parsed(before), None) if before != _NO_ANSWER else None
    if value is None:
        return request.texts.say("summary.missing")
    return value_text(value, request.texts, view.indicator(one.code))


def _changed_since(request: PageRequest, view: ReportView, given: FormFields) -> Html | None:
    """Return the sentence that the report has changed since the form was shown; None if not."""
    if value_of(given, "seen") == seen_of(view):
        return None
    return request.texts.say("review.changed_since")


# --- forms ----------------------------------------------------------------------------------------


@form("desk.return", right=OFFICER)
def returned(request: PageRequest, given: FormFields, view: Reviewed) -> ActionResult:
    """Return the report to the area with the ticked questions and the note."""
    codes, note = set(given.get("question", [])), value_of(given, "text")
    mask = sum(1 << n for n, one in enumerate(view.questions) if one.code in codes)
    why_not = _changed_since(request, view, given)
    if why_not is None and not (mask and note):
        why_not = request.texts.say("desk.return.incomplete")
    if why_not is not None:
        return Refused(Next(one_report.at(view), why_not), {"question": [], **given})
    return type_text(request.context, ask_note.at(view, mask), note)


@form("desk.correct", right=OFFICER)
def corrected(
    request: PageRequest, given: FormFields, view: Reviewed, question: Asked
) -> ActionResult:
    """Correct an answer: type the value and then the reason on the bot's two screens."""
    value, reason = value_of(given, "value"), value_of(given, "reason")
    why_not = _changed_since(request, view, given)
    if why_not is None and not (value and reason):
        why_not = request.texts.say("desk.correct.incomplete")
    fields = {**given, "of": [question.code]}
    if why_not is not None:
        return Refused(Next(one_report.at(view), why_not), fields)
    if value in {written for _, _, written in presentation_of(question.kind).answer_buttons}:
        read = press_button(request.context, press_value.at(view, question, value))
    else:
        read = type_text(request.context, ask_value.at(view, question), value)
    if not isinstance(read, Next) or not read.typed:  # not understood: `above` says why
        above = read.above if isinstance(read, Next) else None
        return Refused(Next(one_report.at(view), above), fields)
    return type_text(request.context, ask_reason.at(view, question), reason, read.typed)
