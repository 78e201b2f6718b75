"""One report: answers beside the earlier values and marks, evidence, and what can be done."""

from typing import Any
from zlib import crc32

from bot.board.desk.form_actions import Done, Given, first, form, pressed, said_to
from bot.board.pages import Filled, Looking, page_of
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
_UNREAD = "?"  # in what a form had seen: a question that was a gap


@page_of(one_report, "desk_report.html")
def report(looking: Looking, view: Reviewed) -> Filled:
    """Everything about one report on one page, with a form for each thing that can be done."""
    texts, context = looking.texts, looking.context
    loaded = whole_commune.load(context, whole_commune.at(view.round))
    if loaded is None:
        return None
    status = loaded["status"]
    state, writable = view.report.state, view.writable
    when = texts.time(view.report.sent_at or context.now, context.deployment.zone)
    entered = any(one.office is not None for one in view.answers.values())
    present = {mark for one in view.questions for mark in marks_of(view, one)}
    same = len(unchanged(context.tx, view.id))
    seen, now = looking.given.get("seen", ""), seen_of(view)
    pieces = pieces_of(looking, view.report)
    rows = [_row(looking, view, one, pieces, _before(seen, one.code)) for one in view.questions]
    known = {one.code for one in view.questions}
    return {
        **heading(looking, status),
        "about": status,
        "name": texts.unit(view.unit),
        "state": texts.say(f"review.state.{state}", when=when),
        "late": view.report.late,
        "rows": rows,
        "changed_since": bool(seen) and seen != now,
        "seen": now,
        "same": texts.say("table.unchanged", same=same, count=len(view.questions)) if same else "",
        "legend": [
            f"{MARKS[one]} {texts.say(f'review.mark.{one}')}" for one in MARKS if one in present
        ]
        + ([texts.say("review.behalf.legend")] if entered else []),
        "pieces": [one for one in pieces if one["code"] not in known],
        "accept": looking.link(accept, view, checksum(view))
        if writable and state == "sent"
        else "",
        "return_": looking.link(returned, view) if writable and view.report.is_in else "",
        "note_sent": view.report.return_note or "" if state == "returned" else "",
        "list_": looking.link(waiting_list, view.round) if writable else "",
        "area": looking.link(one_area, status, view.unit.id),
    }


def _row(
    looking: Looking, view: ReportView, one: Question, pieces: list[dict[str, Any]],
    before: str | None,
) -> dict[str, Any]:  # fmt: skip
    texts, indicator = looking.texts, view.indicator(one.code)
    answer, marks = view.answers.get(one.code), marks_of(view, one)
    if one.answer is not None:
        said = value_text(one.answer, texts, indicator)
    else:
        said = texts.say("summary.unknown" if one.unknown else "summary.missing")
    hint = presentation_of(one.kind).correction_hint(texts, one.total, indicator)
    return {
        "code": one.code,
        "number": view.number_of(one.code),
        "short": texts.short(view.indicator(one.code)),
        "said": Html(said),
        "last": counts_text(one.last, texts) if one.last is not None else "—",
        "marks": [(signs((mark,)), texts.say(f"review.mark.{mark}")) for mark in marks],
        "office": answer is not None and answer.office is not None,
        "asked_again": one.returned,
        "pending": pending_lines(view, one, texts),
        "totals": looking.link(both_totals, view, one.code) if "total" in marks else "",
        "pieces": [piece for piece in pieces if piece["code"] == one.code],
        "correct": looking.link(corrected, view, one) if view.writable else "",
        "hint": hint or "",
        "choices": [
            (texts.say(key), written)
            for key, _, written in presentation_of(one.kind).answer_buttons
        ],
        "was": _in_words(looking, view, one, before),
    }


# --- what a form had seen -------------------------------------------------------------------------


def seen_of(view: ReportView) -> str:
    """The report as its page shows it; a form carries it, so that what changed can be shown."""
    found = [f"{view.report.state}"]
    for one in view.questions:
        answer = view.answers.get(one.code)
        value = kind_of(one.kind).written(one.answer) if one.answer is not None else _UNREAD
        stamp = (
            crc32(repr((answer.given_at, answer.office, answer.returned)).encode()) if answer else 0
        )
        found.append(f"{one.code}={value}={stamp:x}")
    return ";".join(found)


def _before(seen: str, code: str) -> str | None:
    """The answer to a question as a form had seen it."""
    found = dict(one.split("=", 1) for one in seen.split(";")[1:] if "=" in one)
    return found[code].rpartition("=")[0] if code in found else None


def _in_words(looking: Looking, view: ReportView, one: Question, before: str | None) -> Html | str:
    """What stood there, where another value stands now; else empty."""
    kind = kind_of(one.kind)
    now = kind.written(one.answer) if one.answer is not None else _UNREAD
    if before is None or before == now:
        return ""
    value = kind.completed(kind.parsed(before), None) if before != _UNREAD else None
    if value is None:
        return looking.texts.say("summary.missing")
    return value_text(value, looking.texts, view.indicator(one.code))


def _changed_since(looking: Looking, view: ReportView, given: Given) -> Next | None:
    """The report again, where it isn't any more what the form had seen."""
    if first(given, "seen") == seen_of(view):
        return None
    return Next(one_report.at(view), looking.texts.say("review.changed_since"))


# --- forms ----------------------------------------------------------------------------------------


@form("desk.return", right=OFFICER)
def returned(looking: Looking, given: Given, view: Reviewed) -> Done:
    """The questions that were ticked are asked again, with the note."""
    texts = looking.texts
    if changed := _changed_since(looking, view, given):
        return changed
    codes, note = set(given.get("question", [])), first(given, "text")
    mask = sum(1 << n for n, one in enumerate(view.questions) if one.code in codes)
    if not mask or not note:
        return Next(one_report.at(view), texts.say("desk.return.incomplete"))
    return said_to(looking.context, ask_note.at(view, mask), note)


@form("desk.correct", right=OFFICER)
def corrected(looking: Looking, given: Given, view: Reviewed, question: Asked) -> Done:
    """The right value and why: typed on the bot's two screens, one after the other."""
    texts = looking.texts
    if changed := _changed_since(looking, view, given):
        return changed
    value, reason = first(given, "value"), first(given, "reason")
    if not value or not reason:
        return Next(one_report.at(view), texts.say("desk.correct.incomplete"))
    if value in {written for _, _, written in presentation_of(question.kind).answer_buttons}:
        read = pressed(looking.context, press_value.at(view, question, value))
    else:
        read = said_to(looking.context, ask_value.at(view, question), value)
    if not isinstance(read, Next) or not read.said:  # it could not be read: the sentence says why
        above = read.above if isinstance(read, Next) else None
        return Next(one_report.at(view), above)
    return said_to(looking.context, ask_reason.at(view, question), reason, read.said)
