"""Correcting an obvious slip: which question, the right value, the reason; the area is asked."""

from dataclasses import dataclass

from criteria.answers import Ratio, Value, YesNo
from criteria.conversation import Question
from criteria.reading import Kind, read
from criteria.reading.outcome import All
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press, pack
from handlers.messages.notifications import tell_reporters
from handlers.report.on_behalf import right_or_wrong
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from handlers.review.cases import case_of, name_of
from handlers.review.screens import answer_lines, not_now, numbered, onward_row
from handlers.texts import Html, Texts
from storage import reports

_LONGEST_REASON = 500
_PAGE = 6
_PER_ROW = 3


@dataclass(frozen=True, slots=True)
class _Slip:
    """The report and the question of a correction."""

    view: ReportView
    question: Question

    def short(self, texts: Texts) -> str:
        """The indicator's short name."""
        return self.view.indicator(self.question.code).text(texts.language).short

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
        if isinstance(standing, Ratio) and standing.denominator:
            return standing.denominator
        return self.question.total


def _slip(context: Context, report_id: int | None, code: str) -> _Slip | None:
    view = case_of(context, report_id)
    question = view.question(code) if view is not None else None
    if view is None or question is None or not view.writable:
        return None
    return _Slip(view, question)


def _which_answer(context: Context, press: Press, said: Said) -> Screen | None:
    """Which answer is to be corrected."""
    view = case_of(context, press.number(0))
    if view is None or not view.writable:
        return not_now(context, press)
    texts, here = context.texts, view.report.id
    lines = [
        texts.say("review.correct.ask", unit=name_of(view, texts)),
        "",
        *answer_lines(view, texts),
    ]
    items = [(f"✏️ {i}", pack("v.fixq", here, q.code)) for i, q in enumerate(view.questions, 1)]
    rows, page, pages = numbered(items, press.number(1) or 0, _PAGE, _PER_ROW)
    rows += onward_row(pages, page, lambda n: pack("v.fix", here, n), texts)
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def _ask_value(context: Context, press: Press, said: Said) -> Screen | None:
    """Ask for the right value."""
    slip = _slip(context, press.number(0), press.text(1))
    if slip is None:
        return None
    texts, question, here = context.texts, slip.question, slip.view.report.id
    lines = [
        texts.say(
            "review.correct.value",
            number=slip.number,
            short=slip.short(texts),
            unit=name_of(slip.view, texts),
            value=slip.value(question.answer, texts),
        )
    ]
    rows: list[tuple[Button, ...]] = []
    if question.kind == "yes_no":
        yes = button(texts, "button.yes", "v.fixv", here, question.code, "y")
        rows.append((yes, button(texts, "button.no", "v.fixv", here, question.code, "n")))
    else:
        key = "review.correct.ratio" if slip.total is None else "review.correct.count"
        lines.append(texts.say(key, total=slip.total or 0))
    return Screen("\n".join(lines), (*rows, back(texts, "v.fix", here)))


def _press_value(context: Context, press: Press, said: Said) -> Next | None:
    """Yes or no by its button."""
    slip = _slip(context, press.number(0), press.text(1))
    if slip is None or slip.question.kind != "yes_no" or press.text(2) not in {"y", "n"}:
        return None
    return _to_reason(context, slip, YesNo(press.text(2) == "y"))


def _take_value(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The typed value; what is unclear is asked again, never guessed."""
    slip = _slip(context, press.number(0), press.text(1))
    if slip is None:
        return _closed(context, press)
    value, refused = _read_value(slip, text)
    if value is None:
        return Next(press, context.texts.say(refused))
    return _to_reason(context, slip, value)


def _read_value(slip: _Slip, text: str) -> tuple[Value | None, str]:
    """The value in a text, or the key of the sentence why there is none."""
    reading = read(text, _kind(slip))
    value = reading.value if reading.outcome in {"value", "confirm"} else None
    if isinstance(value, All) and slip.total is not None:
        value = slip.total
    if isinstance(value, int) and slip.total is not None:
        value = Ratio(value, slip.total)
    if not isinstance(value, YesNo if slip.question.kind == "yes_no" else Ratio):
        return None, "review.correct.unclear"
    if isinstance(value, Ratio) and value.numerator > value.denominator:
        return None, "review.correct.over"
    return value, ""


def _kind(slip: _Slip) -> Kind:
    if slip.question.kind == "yes_no":
        return "yes_no"
    return "ratio" if slip.total is None else "count"


def _to_reason(context: Context, slip: _Slip, value: Value) -> Next:
    here, standing = (slip.view.report.id, slip.question.code), slip.question.answer
    if value == standing:
        return Next(to("v.fixq", *here), context.texts.say("review.correct.same"))
    return Next(to("v.fixr", *here), said=(_written(standing), _written(value)))


def _ask_reason(context: Context, press: Press, said: Said) -> Screen | None:
    slip = _slip(context, press.number(0), press.text(1))
    if slip is None or not said:
        return None
    old, new = said
    text = context.texts.say(
        "review.correct.reason",
        number=slip.number,
        unit=name_of(slip.view, context.texts),
        old=slip.value(_value(old), context.texts),
        new=slip.value(_value(new), context.texts),
    )
    return Screen(text, (back(context.texts, "v.fixq", slip.view.report.id, slip.question.code),))


def _take_reason(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The reason corrects the answer."""
    slip = _slip(context, press.number(0), press.text(1))
    if slip is None:
        return _closed(context, press)
    old, value = said[0], _value(said[1])
    one = to("v.one", slip.view.report.id)
    if value is None or _written(slip.question.answer) != old:
        return Next(one, context.texts.say("review.changed_since"))
    told = enter(context, slip.view, slip.question.code, value, text[:_LONGEST_REASON])
    key = "review.correct.done" if told else "review.correct.done_nobody"
    return Next(one, context.texts.say(key, number=slip.number, count=told))


def _closed(context: Context, press: Press) -> Next:
    return Next(to("v.one", press.number(0) or 0), context.texts.say("review.closed"))


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
            unit=name_of(view, texts),
            round=view.round.name,
            number=view.number_of(code),
            short=indicator.text(texts.language).short,
            old=value_text(old, texts, indicator) if old is not None else "—",
            new=value_text(value, texts, indicator),
            reason=texts.say(reason_key) if reason_key is not None else reason,
        )
        return Screen(text, right_or_wrong(texts, view.report.id, context.now, code))

    return tell_reporters(context, view.unit.id, "on_behalf", screen)


def _written(value: Value | None) -> str:
    if value is None:
        return ""
    if isinstance(value, Ratio):
        return f"{value.numerator}/{value.denominator}"
    return "y" if value.yes else "n"


def _value(written: str) -> Value | None:
    if written in {"", "y", "n"}:
        return YesNo(written == "y") if written else None
    numerator, _, denominator = written.partition("/")
    return Ratio(int(numerator), int(denominator))


STEPS = Steps(
    views={"v.fix": _which_answer, "v.fixq": _ask_value, "v.fixr": _ask_reason},
    deeds={"v.fixv": _press_value},
    takes={"v.fixq": _take_value, "v.fixr": _take_reason},
    asking=frozenset({"v.fixq", "v.fixr"}),
    leaves={"v.fixr": lambda step: to("v.fix", *step.arguments[:1])},
)
