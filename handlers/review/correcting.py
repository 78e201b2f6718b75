"""Correcting an obvious mistake: the question, the right value, the reason; the area is asked."""

from typing import Annotated

from criteria.answers import Value
from criteria.conversation import Question
from criteria.definition import Indicator
from criteria.kinds import kind_of, kind_of_value
from handlers.flow.arguments import one_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.kinds.base import presentation_of
from handlers.messages.notifications import Correction, tell_reporters
from handlers.report.on_behalf import right_or_wrong
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from handlers.review.cases import Asked, Reviewed
from handlers.review.screens import add_numbers, answer_lines, not_now, one_report
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html, Texts
from storage.reports import reports

_LONGEST_REASON = 500

YesOrNo = Annotated[str, one_of("y", "n")]


@screen("v.fix", right=OFFICER)
def which_answer(context: Context, view: Reviewed) -> Screen:
    """Ask which answer is to be corrected."""
    texts = context.texts
    if not view.writable:
        return not_now(context, view)
    page = ScreenBuilder(context).say("review.correct.ask", unit=texts.unit(view.unit))
    page.line("", *answer_lines(view, texts))
    items = [Button(f"✏️ {i}", ask_value.data(view, q)) for i, q in enumerate(view.questions, 1)]
    add_numbers(page, items, which_answer, view)
    return page.back(one_report.at(view)).screen()


@screen("v.fixq", right=OFFICER, asks=True)
def ask_value(context: Context, view: Reviewed, question: Asked) -> Screen | None:
    """Ask for the right value."""
    if not view.writable:
        return None
    texts, indicator = context.texts, view.indicator(question.code)
    page = ScreenBuilder(context).say(
        "review.correct.value",
        number=view.number_of(question.code),
        short=texts.short(indicator),
        unit=texts.unit(view.unit),
        value=_value_text(question.answer, texts, indicator),
    )
    shown = presentation_of(question.kind)
    codes = [(key, code) for key, _, code in shown.answer_buttons]
    page.row(*(press_value.button(texts, key, view, question, code) for key, code in codes))
    if (hint := shown.correction_hint(texts, _total(question), indicator)) is not None:
        page.line(hint)
    return page.back(which_answer.at(view)).screen()


@action("v.fixv", right=OFFICER)
def press_value(context: Context, view: Reviewed, question: Asked, code: YesOrNo) -> Next | None:
    """Ask for the reason of a yes or no that was pressed."""
    buttons = presentation_of(question.kind).answer_buttons
    if not view.writable or code not in {one for _, _, one in buttons}:
        return None
    value = _parsed(question, code)
    return _to_reason(context, view, question, value) if value is not None else None


@ask_value.text
def take_value(context: Context, text: str, view: Reviewed, question: Asked) -> Next:
    """Ask for the reason of a typed value; ask again if it is unclear, never guess."""
    if not view.writable:
        return _closed(context, view)
    value, refused = _read_value(view, question, text)
    if value is None:
        return Next(context.here, context.texts.say(refused))
    return _to_reason(context, view, question, value)


def _read_value(view: ReportView, question: Question, text: str) -> tuple[Value | None, str]:
    """Return the value in a text, or the key of the sentence why there is none."""
    kind, total = kind_of(question.kind), _total(question)
    reading = kind.read(text, view.indicator(question.code), total_known=total is not None)
    given = reading.value if reading.outcome in {"value", "confirm"} else None
    value: Value | None = kind.completed(given, total)
    if value is None:
        return None, "review.correct.unclear"
    return (value, "") if kind.fits(value) else (None, "review.correct.over")


def _total(question: Question) -> int | None:
    """Return the denominator for a single typed number; None when it isn't known."""
    answer = question.answer
    total = kind_of_value(answer).total(answer) if answer is not None else None
    return total or question.total


def _to_reason(context: Context, view: ReportView, question: Question, value: Value) -> Next:
    if value == question.answer:
        return Next(ask_value.at(view, question), context.texts.say("review.correct.same"))
    old_and_new = (_written(question.answer), _written(value))
    return Next(ask_reason.at(view, question), typed=old_and_new)


@screen("v.fixr", right=OFFICER, asks=True)
def ask_reason(context: Context, view: Reviewed, question: Asked) -> Screen | None:
    """Ask for the reason; show the old and the right value."""
    if not view.writable or not context.typed:
        return None
    texts, indicator = context.texts, view.indicator(question.code)
    old, new = (_value_text(_parsed(question, one), texts, indicator) for one in context.typed)
    page = ScreenBuilder(context).say(
        "review.correct.reason",
        number=view.number_of(question.code),
        unit=texts.unit(view.unit),
        old=old,
        new=new,
    )
    return page.back(ask_value.at(view, question)).screen()


@ask_reason.cancel
def to_questions(here: Press) -> Press:
    """Return the address that "huỷ" opens: the choice of the question."""
    return Press("v.fix", here.arguments[:1])


@ask_reason.text
def take_reason(context: Context, text: str, view: Reviewed, question: Asked) -> Next:
    """Store the corrected answer with its reason."""
    if not view.writable:
        return _closed(context, view)
    old, value = context.typed[0], _parsed(question, context.typed[1])
    if value is None or _written(question.answer) != old:
        return Next(one_report.at(view), context.texts.say("review.changed_since"))
    count = enter(context, view, question.code, value, text[:_LONGEST_REASON])
    key = "review.correct.done" if count else "review.correct.done_nobody"
    number = view.number_of(question.code)
    return Next(one_report.at(view), context.texts.say(key, number=number, count=count))


def _closed(context: Context, view: ReportView) -> Next:
    return Next(one_report.at(view), context.texts.say("review.closed"))


def enter(
    context: Context,
    view: ReportView,
    code: str,
    value: Value,
    reason: str,
    reason_key: str | None = None,
) -> int:
    """Store the office's value with its reason; return how many reporters are asked about it.

    A reason that the officer didn't type has a key, so that each person reads it in their language.
    """
    reports.put_answer(
        context.tx,
        view.report,
        code,
        value,
        by=context.person.id,
        way="office",
        now=context.now,
        reason=reason,
    )
    before = view.question(code)
    old = before.answer if before is not None else None

    def screen(texts: Texts, unit: str) -> Screen:
        indicator = view.indicator(code)
        text = texts.say(
            "review.correct.message",
            unit=unit,
            round=round_text(view.round, texts),
            number=view.number_of(code),
            short=texts.short(indicator),
            old=_value_text(old, texts, indicator),
            new=value_text(value, texts, indicator),
            reason=texts.say(reason_key) if reason_key is not None else reason,
        )
        return Screen(text, right_or_wrong(texts, view.report.id, context.now, code))

    return tell_reporters(context, view.unit, Correction, screen)


def _written(value: Value | None) -> str:
    return kind_of_value(value).written(value) if value is not None else ""


def _parsed(question: Question, written: str) -> Value | None:
    kind = kind_of(question.kind)
    found: Value | None = kind.completed(kind.parsed(written), None) if written else None
    return found


def _value_text(value: Value | None, texts: Texts, indicator: Indicator) -> Html:
    """Return a value as text; a dash for a missing one."""
    return value_text(value, texts, indicator) if value is not None else Html("—")
