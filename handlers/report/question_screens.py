"""The screens of one question: the question itself and the small screens beside it."""

from collections.abc import Callable

from criteria import wording as criteria_wording
from criteria.answers import Ratio, Value
from criteria.conversation import Question
from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from handlers.report.view import ReportView
from handlers.report.wording import bar, counts_text, unit_text, value_text, with_how
from handlers.texts import Html, Texts

Rows = tuple[tuple[Button, ...], ...]


def question_screen(
    view: ReportView, texts: Texts, giver: str | None, zone_time: str | None
) -> Screen:
    """The screen of the present question; `giver` and `zone_time` say whose answer stands."""
    question = view.question(view.place.code)
    if question is None:
        raise ValueError("a question screen needs a question")
    return _SCREENS[view.place.screen](_Sheet(view, texts, question, giver, zone_time))


class _Sheet:
    """One question's texts and buttons, in one language."""

    def __init__(
        self,
        view: ReportView,
        texts: Texts,
        question: Question,
        giver: str | None,
        when: str | None,
    ) -> None:
        self.view = view
        self.texts = texts
        self.question = question
        self.giver = giver
        self.when = when
        self.indicator = view.indicator(question.code)
        self.total = view.place.own_total if view.place.own_total is not None else question.total

    @property
    def year(self) -> int:
        """The year of the figures: the working age moves with it."""
        date = self.view.round.data_date
        return (date or self.view.round.opens_at).year

    def asked(self) -> Html:
        """The question in its words, bold."""
        words = criteria_wording.question(
            self.view.criteria,
            self.indicator,
            self.year,
            self.texts.language,
            office=self.view.unit.office,
            total=self.total if self.question.kind == "ratio" else None,
        )
        return self.texts.say("ask.question", number=self.number, question=words)

    @property
    def number(self) -> int:
        """The question's number."""
        return self.view.number_of(self.question.code)

    def heading(self) -> str:
        """Where this is: the number, a bar, the unit."""
        count = len(self.view.questions)
        done = sum(not q.open for q in self.view.questions)
        return self.texts.say(
            "ask.where",
            number=self.number,
            count=count,
            bar=bar(done, count),
            unit=unit_text(self.view.unit, self.texts),
        )

    def standing(self) -> list[str]:
        """What is known already: the earlier value, the answer that stands, whose it is."""
        lines: list[str] = []
        if self.view.report.state == "returned" and self.question.returned:
            note = self.view.report.return_note or ""
            lines.append(self.texts.say("ask.returned", note=note))
        if self.question.last is not None:
            lines.append(
                self.texts.say(
                    "ask.last", value=value_text(self.question.last, self.texts, self.indicator)
                )
            )
        if self.question.answer is not None:
            value = self.answered(self.question.answer)
            key = "ask.other" if self.question.by_other and self.giver else "ask.mine"
            lines.append(
                self.texts.say(key, value=value, name=self.giver or "", when=self.when or "")
            )
        elif self.question.unknown:
            lines.append(self.texts.say("ask.unknown"))
        return lines

    def answered(self, value: Value) -> Html:
        """The answer that stands, with how it was come by where that was said."""
        answer = self.view.answers.get(self.question.code)
        how = answer.how if answer is not None else None
        return with_how(value_text(value, self.texts, self.indicator), how, self.texts)

    def hint(self) -> str:
        """How to reply, with an example."""
        if self.question.kind == "yes_no":
            return self.texts.say("hint.yes_no")
        if self.total is not None:
            example = (
                self.total * 3 // 5
            )  # near no threshold: an example must not suggest an answer
            return self.texts.say("hint.count", example=example)
        return self.texts.say("hint.ratio")

    def of_evening(self) -> list[str]:
        """Below the question of an evening: how many are left after it."""
        if not self.view.place.alone or not self.question.open:
            return []
        left = sum(q.open for q in self.view.questions) - 1
        return ["", self.texts.say("evening.left" if left else "evening.last", count=left)]

    def press(self, action: str) -> str:
        """A button's data: the report, the question, the revision it was made for."""
        return pack(action, self.view.report.id, self.question.code, self.view.revision)

    def button(self, key: str, action: str, **parameters: object) -> Button:
        """A button of this question."""
        return Button(self.texts.say(key, **parameters), self.press(action))

    def same_row(self) -> Rows:
        """Keep the earlier value ("🔁 Như kỳ trước"), where it can be kept."""
        last = self.question.last
        if last is None or (isinstance(last, Ratio) and last.numerator > (self.total or 10**9)):
            return ()
        if isinstance(last, Ratio) and self.total not in {None, last.denominator}:
            return (
                (self.button("button.same_over", "same", count=last.numerator, total=self.total),),
            )
        return ((self.button("button.same", "same", value=counts_text(last, self.texts)),),)

    def way_on(self) -> Rows:
        """The buttons below every question."""
        later = self.button("button.later", "skip")
        first = self.number == 1 and self.view.place.back_to is None
        return (
            (later,) if first else (later, self.button("button.back", "back")),
            (self.button("button.explain", "info"), self.button("button.more", "more")),
        )

    def back_row(self) -> Rows:
        """Back to the question."""
        return ((self.button("button.to_question", "back"),),)


def _ask(sheet: _Sheet) -> Screen:
    lines = [sheet.asked(), "", *sheet.standing(), sheet.hint(), sheet.heading()]
    lines += sheet.of_evening()
    rows: Rows = ()
    if sheet.question.kind == "yes_no":
        rows += ((sheet.button("button.yes", "yes"), sheet.button("button.no", "no")),)
    if sheet.question.kind == "ratio" and sheet.question.expected == 0:
        rows += ((sheet.button("button.none", "none"),),)
    if sheet.question.returned and sheet.question.answer is not None:
        kept = counts_text(sheet.question.answer, sheet.texts)
        rows += ((sheet.button("button.keep", "keep", value=kept),),)
    else:
        rows += sheet.same_row()
    rows += sheet.way_on()
    if sheet.question.kind == "ratio" and sheet.total is not None:
        rows += ((sheet.button("button.fix_total", "fixt"),),)
    if sheet.view.place.alone:
        rows += ((Button(sheet.texts.say("evening.button.off"), pack("e.off")),),)
    return Screen("\n".join(lines), rows)


def _total(sheet: _Sheet) -> Screen:
    text = sheet.indicator.text(sheet.texts.language, office=sheet.view.unit.office)
    asked = criteria_wording.fill(
        text.question_total or text.question, sheet.view.criteria, sheet.year, sheet.texts.language
    )
    lines = [
        sheet.texts.say("ask.question", number=sheet.number, question=asked),
        "",
        sheet.texts.say("total.have", count=sheet.view.place.numerator or 0),
        sheet.texts.say("total.hint"),
        sheet.heading(),
    ]
    return Screen("\n".join(lines), sheet.back_row())


def _fix_total(sheet: _Sheet) -> Screen:
    lines = [
        sheet.texts.say("fix_total.ask", number=sheet.number),
        "",
        sheet.texts.say("fix_total.hint", total=sheet.total or 0),
        sheet.heading(),
    ]
    return Screen("\n".join(lines), sheet.back_row())


def _confirm(sheet: _Sheet) -> Screen:
    place = sheet.view.place
    if place.pending is None:
        return _ask(sheet)
    value = value_text(place.pending, sheet.texts, sheet.indicator)
    short = sheet.indicator.text(sheet.texts.language).short
    lines = [sheet.texts.say("confirm.ask", number=sheet.number, short=short, value=value), ""]
    told = [doubt for doubt in place.doubts if sheet.texts.has(f"doubt.{doubt}")]
    lines += [_doubt(sheet, doubt) for doubt in told]
    before = sheet.question.answer
    if before is not None and before != place.pending and "others_answer" not in place.doubts:
        old = value_text(before, sheet.texts, sheet.indicator)
        lines.append(sheet.texts.say("confirm.instead", old=old))
    lines.append(sheet.heading())
    rows = ((sheet.button("button.right", "ok"), sheet.button("button.fix", "fix")),)
    return Screen("\n".join(lines), rows)


def _doubt(sheet: _Sheet, doubt: str) -> str:
    last, question = sheet.question.last, sheet.question
    # The total that the check compared with: the reporter's own goes before the commune's.
    usual = sheet.view.place.own_total or question.own_total or question.expected
    return sheet.texts.say(
        f"doubt.{doubt}",
        total=usual or 0,
        last=value_text(last, sheet.texts, sheet.indicator) if last is not None else "—",
        name=sheet.giver or sheet.texts.say("somebody"),
        when=sheet.when or "",
        value=value_text(sheet.question.answer, sheet.texts, sheet.indicator)
        if sheet.question.answer is not None
        else "—",
    )


def _explain(sheet: _Sheet) -> Screen:
    text = sheet.indicator.text(sheet.texts.language, office=sheet.view.unit.office)
    meaning = criteria_wording.fill(
        text.definition, sheet.view.criteria, sheet.year, sheet.texts.language
    )
    lines = [
        sheet.texts.say("explain.title", number=sheet.number, short=text.short),
        "",
        sheet.texts.say("explain.meaning", definition=meaning),
        "",
        sheet.texts.say("explain.letter", wording=sheet.indicator.wording),
    ]
    return Screen("\n".join(lines), sheet.back_row())


def _more(sheet: _Sheet) -> Screen:
    rows: list[tuple[Button, ...]] = [(sheet.button("button.unknown", "unkn"),)]
    here = (sheet.view.report.id, sheet.question.code)
    if sheet.question.kind == "ratio":
        rows.append((sheet.button("button.none", "none"),))
        if not sheet.view.unit.office:
            rows.append((Button(sheet.texts.say("count.button.open"), pack("c.at", *here)),))
        if isinstance(sheet.question.answer, Ratio) and sheet.question.answer.denominator:
            rows.append((Button(sheet.texts.say("how.button.open"), pack("w.ask", *here)),))
    rows.append((sheet.button("button.difficulty", "diff"),))
    if not (sheet.view.unit.office or sheet.view.place.alone):
        rows.append((Button(sheet.texts.say("evening.button.on"), pack("e.on")),))
    if sheet.question.wants_evidence:
        rows.append((sheet.button("button.evidence", "evid"),))
    short = sheet.indicator.text(sheet.texts.language).short
    title = sheet.texts.say("more.title", number=sheet.number, short=short)
    return Screen(title, (*rows, *sheet.back_row()))


def _evidence(sheet: _Sheet) -> Screen:
    text = sheet.indicator.text(sheet.texts.language, office=sheet.view.unit.office)
    lines = [sheet.texts.say("evidence.ask", number=sheet.number, short=text.short), ""]
    if text.evidence_hint:
        lines.append(sheet.texts.say("evidence.hint", hint=text.evidence_hint))
    count = sheet.view.pieces(sheet.question.code)
    lines.append(sheet.texts.say("evidence.count", count=count))
    lines.append(sheet.texts.say("evidence.warning"))
    rows: Rows = ((sheet.button("button.evidence_done", "back"),),)
    if count:
        rows += ((sheet.button("button.evidence_drop", "drop"),),)
    return Screen("\n".join(lines), rows)


def _difficulty(sheet: _Sheet) -> Screen:
    short = sheet.indicator.text(sheet.texts.language).short
    text = sheet.texts.say("difficulty.ask", number=sheet.number, short=short)
    return Screen(text, sheet.back_row())


_SCREENS: dict[str, Callable[[_Sheet], Screen]] = {
    "ask": _ask,
    "total": _total,
    "fix_total": _fix_total,
    "confirm": _confirm,
    "explain": _explain,
    "more": _more,
    "evidence": _evidence,
    "difficulty": _difficulty,
}
