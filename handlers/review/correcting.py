"""Correcting an obvious slip: which question, the right value, the reason; the area is asked."""

from typing import Any

from criteria.answers import Value
from criteria.conversation import Question
from criteria.kinds import IndicatorKind, kind_of, kind_of_value
from handlers.flow.arguments import one_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Page
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, argument, screen
from handlers.kinds.base import presentation_of
from handlers.messages.notifications import Correction, tell_reporters
from handlers.report.on_behalf import right_or_wrong
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from handlers.review.cases import OfReport, question_of_report
from handlers.review.screens import add_numbers, answer_lines, not_now, one_report
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Html, Texts
from storage.reports import reports

_LONGEST_REASON = 500


class _Slip(OfReport):
    """The report and the question of a correction."""

    question: Question = argument(question_of_report)

    def value(self, value: Value | None, texts: Texts) -> Html:
        """A value of this question in words; a gap is a dash."""
        if value is None:
            return Html("—")
        return value_text(value, texts, self.view.indicator(self.question.code))

    @property
    def number(self) -> int:
        """The question's number."""
        return self.view.number_of(self.question.code)

    @property
    def total(self) -> int | None:
        """The total over which a single number is meant."""
        standing = self.question.answer
        total = kind_of_value(standing).total(standing) if standing is not None else None
        return total or self.question.total

    @property
    def kind(self) -> IndicatorKind[Any]:
        """The kind of the question."""
        return kind_of(self.question.kind)


class _Word(_Slip):
    word: str = argument(one_of("y", "n"))


@screen("v.fix", OfReport, right=OFFICER)
def which_answer(context: Context, at: OfReport) -> Screen:
    """Which answer is to be corrected."""
    texts, view = context.texts, at.view
    if not view.writable:
        return not_now(context, view)
    made = Page(context).say("review.correct.ask", unit=texts.unit(view.unit))
    made.line("", *answer_lines(view, texts))
    items = [Button(f"✏️ {i}", ask_value.data(view, q)) for i, q in enumerate(view.questions, 1)]
    add_numbers(made, items, which_answer, at)
    return made.back(one_report.at(view)).screen()


@screen("v.fixq", _Slip, right=OFFICER, asks=True)
def ask_value(context: Context, at: _Slip) -> Screen | None:
    """Ask for the right value."""
    texts, view = context.texts, at.view
    if not view.writable:
        return None
    made = Page(context).say(
        "review.correct.value",
        number=at.number,
        short=texts.short(view.indicator(at.question.code)),
        unit=texts.unit(view.unit),
        value=at.value(at.question.answer, texts),
    )
    shown = presentation_of(at.question.kind)
    buttons = shown.answer_buttons
    made.row(*(press_value.button(texts, key, at, word=written) for key, _, written in buttons))
    indicator = view.indicator(at.question.code)
    if (hint := shown.correction_hint(texts, at.total, indicator)) is not None:
        made.line(hint)
    return made.back(which_answer.at(view)).screen()


@action("v.fixv", _Word, right=OFFICER)
def press_value(context: Context, at: _Word) -> Next | None:
    """Yes or no by its button."""
    buttons = presentation_of(at.question.kind).answer_buttons
    if not at.view.writable or at.word not in {written for _, _, written in buttons}:
        return None
    value = _value(at, at.word)
    return _to_reason(context, at, value) if value is not None else None


@ask_value.text
def take_value(context: Context, at: _Slip, text: str) -> Next:
    """The typed value; what is unclear is asked again, never guessed."""
    if not at.view.writable:
        return _closed(context, at)
    value, refused = _read_value(at, text)
    if value is None:
        return Next(context.here, context.texts.say(refused))
    return _to_reason(context, at, value)


def _read_value(at: _Slip, text: str) -> tuple[Value | None, str]:
    """The value in a text, or the key of the sentence why there is none."""
    indicator = at.view.indicator(at.question.code)
    reading = at.kind.read(text, indicator, total_known=at.total is not None)
    given = reading.value if reading.outcome in {"value", "confirm"} else None
    value: Value | None = at.kind.completed(given, at.total)
    if value is None:
        return None, "review.correct.unclear"
    return (value, "") if at.kind.fits(value) else (None, "review.correct.over")


def _to_reason(context: Context, at: _Slip, value: Value) -> Next:
    standing = at.question.answer
    if value == standing:
        same = context.texts.say("review.correct.same")
        return Next(ask_value.at(at.view, at.question), same)
    said = (_written(standing), _written(value))
    return Next(ask_reason.at(at.view, at.question), said=said)


@screen("v.fixr", _Slip, right=OFFICER, asks=True)
def ask_reason(context: Context, at: _Slip) -> Screen | None:
    """Ask why, with the value before and the right one."""
    if not at.view.writable or not context.said:
        return None
    old, new = context.said
    made = Page(context).say(
        "review.correct.reason",
        number=at.number,
        unit=context.texts.unit(at.view.unit),
        old=at.value(_value(at, old), context.texts),
        new=at.value(_value(at, new), context.texts),
    )
    return made.back(ask_value.at(at)).screen()


@ask_reason.cancel
def to_questions(here: Press) -> Press:
    """Cancelling leads to the choice of the question."""
    return Press("v.fix", here.arguments[:1])


@ask_reason.text
def take_reason(context: Context, at: _Slip, text: str) -> Next:
    """The reason corrects the answer."""
    if not at.view.writable:
        return _closed(context, at)
    old, value = context.said[0], _value(at, context.said[1])
    if value is None or _written(at.question.answer) != old:
        return Next(one_report.at(at.view), context.texts.say("review.changed_since"))
    told = enter(context, at.view, at.question.code, value, text[:_LONGEST_REASON])
    key = "review.correct.done" if told else "review.correct.done_nobody"
    return Next(one_report.at(at.view), context.texts.say(key, number=at.number, count=told))


def _closed(context: Context, at: _Slip) -> Next:
    return Next(one_report.at(at.view), context.texts.say("review.closed"))


def enter(
    context: Context,
    view: ReportView,
    code: str,
    value: Value,
    reason: str,
    reason_key: str | None = None,
) -> int:
    """Put the office's value in with its reason; gives how many of the area are asked about it.

    A reason that isn't the officer's own words has a key, so that each reads it in their language.
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

    def screen(texts: Texts) -> Screen:
        indicator = view.indicator(code)
        text = texts.say(
            "review.correct.message",
            unit=texts.unit(view.unit),
            round=round_text(view.round, texts),
            number=view.number_of(code),
            short=texts.short(indicator),
            old=value_text(old, texts, indicator) if old is not None else "—",
            new=value_text(value, texts, indicator),
            reason=texts.say(reason_key) if reason_key is not None else reason,
        )
        return Screen(text, right_or_wrong(texts, view.report.id, context.now, code))

    return tell_reporters(context, view.unit.id, Correction, screen)


def _written(value: Value | None) -> str:
    return kind_of_value(value).written(value) if value is not None else ""


def _value(at: _Slip, written: str) -> Value | None:
    found: Value | None = at.kind.completed(at.kind.parsed(written), None) if written else None
    return found
