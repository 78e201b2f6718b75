"""Correcting an obvious slip: which question, the right value, the reason; the area is asked."""

from dataclasses import dataclass

from criteria.answers import Ratio, Value, YesNo
from criteria.conversation import Question
from criteria.reading import Kind, read
from criteria.reading.outcome import All
from handlers.channel import Button, Reply, Screen
from handlers.notices import tell_reporters
from handlers.presses import Press, pack
from handlers.reporting.desk import Desk
from handlers.reporting.on_behalf import right_or_wrong
from handlers.reporting.wording import value_text
from handlers.review.cases import case_of, name_of
from handlers.review.menus import await_reply, present, show
from handlers.review.screens import answer_lines, numbered, onward_row
from handlers.texts import Html, Texts
from handlers.turn import Turn
from storage import reports

AWAITS_VALUE = "review_value"
AWAITS_REASON = "review_reason"
_LONGEST_REASON = 500
_PAGE = 6
_PER_ROW = 3


@dataclass(frozen=True, slots=True)
class _Slip:
    """The report and the question of a correction."""

    desk: Desk
    question: Question

    def short(self, texts: Texts) -> str:
        """The indicator's short name."""
        return self.desk.indicator(self.question.code).text(texts.language).short

    def value(self, value: Value | None, texts: Texts) -> Html:
        """A value of this question in words; a gap is a dash."""
        if value is None:
            return Html("—")
        return value_text(value, texts, self.desk.indicator(self.question.code))

    @property
    def number(self) -> int:
        """The question's number."""
        return self.desk.number_of(self.question.code)

    @property
    def total(self) -> int | None:
        """The total over which a single number is meant."""
        standing = self.question.answer
        if isinstance(standing, Ratio) and standing.denominator:
            return standing.denominator
        return self.question.total


def _slip(turn: Turn, report_id: int | None, code: str) -> _Slip | None:
    desk = case_of(turn, report_id)
    question = desk.question(code) if desk is not None else None
    if desk is None or question is None or not desk.writable:
        return None
    return _Slip(desk, question)


def correct_screen(turn: Turn, press: Press) -> Screen | None:
    """Which answer is to be corrected."""
    desk = case_of(turn, press.number(0))
    if desk is None or not desk.writable:
        return None
    texts, here = turn.texts, desk.report.id
    lines = [
        texts.say("review.correct.ask", unit=name_of(desk, texts)),
        "",
        *answer_lines(desk, texts),
    ]
    items = [(f"✏️ {i}", pack("v.fixq", here, q.code)) for i, q in enumerate(desk.questions, 1)]
    rows, page, pages = numbered(items, press.number(1) or 0, _PAGE, _PER_ROW)
    rows += onward_row(pages, page, lambda n: pack("v.fix", here, n), texts)
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def ask_value(turn: Turn, press: Press) -> Reply | None:
    """Ask for the right value."""
    slip = _slip(turn, press.number(0), press.text(1))
    return _value_asked(turn, slip) if slip is not None else None


def _value_asked(turn: Turn, slip: _Slip, refusal: str | None = None) -> Reply:
    texts, question, here = turn.texts, slip.question, slip.desk.report.id
    await_reply(turn, (AWAITS_VALUE, str(here), question.code))
    lines = [texts.say(refusal), ""] if refusal is not None else []
    lines.append(
        texts.say(
            "review.correct.value",
            number=slip.number,
            short=slip.short(texts),
            unit=name_of(slip.desk, texts),
            value=slip.value(question.answer, texts),
        )
    )
    rows: list[tuple[Button, ...]] = []
    if question.kind == "yes_no":
        rows.append(
            (
                Button(texts.say("button.yes"), pack("v.fixv", here, question.code, "y")),
                Button(texts.say("button.no"), pack("v.fixv", here, question.code, "n")),
            )
        )
    else:
        key = "review.correct.ratio" if slip.total is None else "review.correct.count"
        lines.append(texts.say(key, total=slip.total or 0))
    rows.append((Button(texts.say("button.back"), pack("v.fix", here)),))
    return present(turn, Screen("\n".join(lines), tuple(rows)))


def value_pressed(turn: Turn, press: Press) -> Reply | None:
    """Yes or no by its button."""
    slip = _slip(turn, press.number(0), press.text(1))
    if slip is None or slip.question.kind != "yes_no" or press.text(2) not in {"y", "n"}:
        return None
    return _reason_asked(turn, slip, YesNo(press.text(2) == "y"))


def value_given(turn: Turn, report_id: int, code: str) -> Reply | None:
    """The typed value; what is unclear is asked again, never guessed."""
    slip = _slip(turn, report_id, code)
    if slip is None:
        return show(turn, pack("v.one", report_id), "review.closed")
    reading = read(turn.incoming.text, _kind(slip))
    if reading.command in {"cancel", "back"}:
        return show(turn, pack("v.fix", report_id))
    value = reading.value if reading.outcome in {"value", "confirm"} else None
    if isinstance(value, All) and slip.total is not None:
        value = slip.total
    if isinstance(value, int) and slip.total is not None:
        if value > slip.total:
            return _value_asked(turn, slip, "review.correct.over")
        value = Ratio(value, slip.total)
    if slip.question.kind == "yes_no" and not isinstance(value, YesNo):
        return _value_asked(turn, slip, "review.correct.unclear")
    if slip.question.kind == "ratio" and not isinstance(value, Ratio):
        return _value_asked(turn, slip, "review.correct.unclear")
    if isinstance(value, Ratio) and value.numerator > value.denominator:
        return _value_asked(turn, slip, "review.correct.over")
    if not isinstance(value, Ratio | YesNo):
        return _value_asked(turn, slip, "review.correct.unclear")
    return _reason_asked(turn, slip, value)


def _kind(slip: _Slip) -> Kind:
    if slip.question.kind == "yes_no":
        return "yes_no"
    return "ratio" if slip.total is None else "count"


def _reason_asked(turn: Turn, slip: _Slip, value: Value) -> Reply:
    if value == slip.question.answer:
        return _value_asked(turn, slip, "review.correct.same")
    here = slip.desk.report.id
    pair = (_written(slip.question.answer), _written(value))
    await_reply(turn, (AWAITS_REASON, str(here), slip.question.code, *pair))
    text = turn.texts.say(
        "review.correct.reason",
        number=slip.number,
        unit=name_of(slip.desk, turn.texts),
        old=slip.value(slip.question.answer, turn.texts),
        new=slip.value(value, turn.texts),
    )
    back = Button(turn.texts.say("button.back"), pack("v.fixq", here, slip.question.code))
    return present(turn, Screen(text, ((back,),)))


def reason_given(turn: Turn, report_id: int, code: str, old: str, new: str) -> Reply | None:
    """The typed reason corrects the answer; "huỷ" leaves it as it was."""
    slip = _slip(turn, report_id, code)
    if slip is None:
        return show(turn, pack("v.one", report_id), "review.closed")
    text = turn.incoming.text.strip()
    if read(text, "yes_no").command in {"cancel", "back"}:
        return show(turn, pack("v.fix", report_id))
    value = _value(new)
    if value is None or _written(slip.question.answer) != old:
        return show(turn, pack("v.one", report_id), "review.changed_since")
    told = enter(turn, slip.desk, code, value, text[:_LONGEST_REASON])
    key = "review.correct.done" if told else "review.correct.done_nobody"
    return show(turn, pack("v.one", report_id), key, number=slip.number, count=told)


def enter(
    turn: Turn, desk: Desk, code: str, value: Value, reason: str, reason_key: str | None = None
) -> int:
    """Put the office's value in with its reason; gives how many of the area are asked about it.

    A reason that isn't the officer's own words has a key, so that each reads it in their language.
    """
    reports.put_answer(
        turn.tx,
        desk.report,
        code,
        value,
        by=turn.person.id,
        way="office",
        now=turn.now,
        reason=reason,
    )
    before = desk.question(code)
    old = before.answer if before is not None else None

    def screen(texts: Texts) -> Screen:
        indicator = desk.indicator(code)
        text = texts.say(
            "review.correct.message",
            unit=name_of(desk, texts),
            round=desk.round.name,
            number=desk.number_of(code),
            short=indicator.text(texts.language).short,
            old=value_text(old, texts, indicator) if old is not None else "—",
            new=value_text(value, texts, indicator),
            reason=texts.say(reason_key) if reason_key is not None else reason,
        )
        return Screen(text, right_or_wrong(texts, desk.report.id, turn.now, code))

    return tell_reporters(turn, desk.unit.id, "on_behalf", screen)


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
