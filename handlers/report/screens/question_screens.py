"""The screens of one question: the question itself, its confirmation, explanation and more."""

from collections.abc import Callable

from criteria import wording as criteria_wording
from criteria.answers import Value
from criteria.conversation import Question
from criteria.kinds import kind_of
from handlers.flow.channel import Button, Screen
from handlers.flow.page import Rows, ScreenBuilder, to
from handlers.flow.press import pack
from handlers.kinds.base import presentation_of
from handlers.report.view import ReportView
from handlers.report.wording import bar, counts_text, value_text, with_how
from handlers.texts import Html, Texts


def question_screen(
    view: ReportView, texts: Texts, giver: str | None, zone_time: str | None
) -> Screen:
    """Return the screen of the present question; `giver` and `zone_time` are its answer's."""
    question = view.question(view.place.code)
    if question is None:
        raise ValueError("a question screen needs a question")
    return _SCREENS[view.place.screen](_Sheet(view, texts, question, giver, zone_time))


class _Sheet:
    """The texts and buttons of one question, in one language."""

    def __init__(
        self, view: ReportView, texts: Texts, question: Question, giver: str | None,
        when: str | None,
    ) -> None:  # fmt: skip
        self.view = view
        self.texts = texts
        self.question = question
        self.giver = giver
        self.when = when
        self.indicator = view.indicator(question.code)
        self.text = self.indicator.text(texts.language, office=view.unit.office)
        self.total = view.place.own_total if view.place.own_total is not None else question.total
        self.kind = kind_of(question.kind)
        self.shown = presentation_of(question.kind)

    @property
    def year(self) -> int:
        """The year of the figures; the working age depends on it."""
        return (self.view.round.data_date or self.view.round.opens_at).year

    @property
    def short(self) -> str:
        """The short name, the same for areas and commune."""
        return self.texts.short(self.indicator)

    def filled(self, wording: str) -> str:
        """Return a wording of the criteria set with its thresholds and ages filled in."""
        return criteria_wording.fill(wording, self.view.criteria, self.year, self.texts.language)

    def asked(self) -> Html:
        """Return the question's wording with its number, in bold."""
        words = criteria_wording.question(
            self.view.criteria,
            self.indicator,
            self.year,
            self.texts.language,
            office=self.view.unit.office,
            total=self.total,
        )
        return self.numbered(words)

    def numbered(self, words: str) -> Html:
        """Return a question after its number, which the screen shows only here."""
        count = len(self.view.questions)
        return self.texts.say("ask.question", number=self.number, count=count, question=words)

    @property
    def number(self) -> int:
        """The question's number."""
        return self.view.number_of(self.question.code)

    def heading(self) -> str:
        """Return the progress as a bar, and the unit."""
        count = len(self.view.questions)
        done = sum(not q.open for q in self.view.questions)
        unit = self.view.unit_name(self.texts)
        return self.texts.say("ask.where", bar=bar(done, count), unit=unit)

    def known(self) -> list[str]:
        """Return lines on the earlier value, the present answer and the person who gave it."""
        lines: list[str] = []
        if self.view.report.state == "returned" and self.question.returned:
            note = self.view.report.return_note or ""
            lines.append(self.texts.say("ask.returned", note=note))
        if self.question.last is not None:
            last = value_text(self.question.last, self.texts, self.indicator)
            lines.append(self.texts.say("ask.last", value=last))
        if self.question.answer is not None:
            value = self.answered(self.question.answer)
            key = "ask.other" if self.question.by_other and self.giver else "ask.mine"
            whose = {"name": self.giver or "", "when": self.when or ""}
            lines.append(self.texts.say(key, value=value, **whose))
        elif self.question.unknown:
            lines.append(self.texts.say("ask.unknown"))
        if self.view.lacks_evidence(self.question.code):
            lines.append(self.texts.say("ask.evidence_required"))
        return lines

    def answered(self, value: Value) -> Html:
        """Return the present answer with its counting method, if there is one."""
        answer = self.view.answers.get(self.question.code)
        how = answer.how if answer is not None else None
        return with_how(value_text(value, self.texts, self.indicator), how, self.texts)

    def hint(self) -> str:
        """Return a sentence on how to reply, with an example."""
        return self.shown.hint(self.texts, self.total, self.indicator, office=self.view.unit.office)

    def of_evening(self) -> list[str]:
        """Return the line below an evening's question on how many are left; [] for others."""
        if not self.view.place.alone or not self.question.open:
            return []
        left = sum(q.open for q in self.view.questions) - 1
        return ["", self.texts.say("evening.left" if left else "evening.last", count=left)]

    def button(self, key: str, action: str, **parameters: object) -> Button:
        """Return a button of this question, with the present revision."""
        data = pack(action, self.view.report.id, self.question.code, self.view.revision)
        return Button(self.texts.say(key, **parameters), data)

    def same(self) -> tuple[Button, ...]:
        """Return the button that takes the earlier value ("🔁 Như kỳ trước"), if it is possible."""
        last = self.question.last
        said = self.shown.same_caption(last, self.texts, self.total) if last is not None else None
        return (self.button(said[0], "same", **said[1]),) if said is not None else ()

    def buttons_below(self) -> Rows:
        """Return the buttons below every question."""
        later = self.button("button.later", "skip")
        first = self.number == 1 and self.view.place.back_to is None
        return (
            (later,) if first else (later, self.button("button.back", "back")),
            (self.button("button.explain", "info"), self.button("button.more", "more")),
        )

    def back(self) -> Button:
        """Return the button back to the question."""
        return self.button("button.to_question", "back")


def _ask(sheet: _Sheet) -> Screen:
    question = sheet.question
    page = ScreenBuilder(sheet.texts).line(sheet.asked(), "", *sheet.known(), sheet.hint())
    page.line(sheet.heading(), *sheet.of_evening())
    page.row(*(sheet.button(key, action) for key, action, _ in sheet.shown.answer_buttons))
    if sheet.kind.has_total and question.expected == 0:
        page.row(sheet.button("button.none", "none"))
    if question.returned and question.answer is not None:
        kept = counts_text(question.answer, sheet.texts)
        page.row(sheet.button("button.keep", "keep", value=kept))
    else:
        page.row(*sheet.same())
    page.rows(sheet.buttons_below())
    if sheet.kind.has_total and sheet.total is not None:
        page.row(sheet.button("button.fix_total", "fixt"))
    if sheet.view.place.alone:
        page.button("evening.button.off", to("e.off"))
    return page.screen()


def _total(sheet: _Sheet) -> Screen:
    asked = sheet.filled(sheet.text.question_total or sheet.text.question)
    page = ScreenBuilder(sheet.texts).line(sheet.numbered(asked), "")
    page.say("total.have", count=sheet.view.place.numerator or 0).say("total.hint")
    return page.line(sheet.heading()).row(sheet.back()).screen()


def _fix_total(sheet: _Sheet) -> Screen:
    page = ScreenBuilder(sheet.texts).say("fix_total.ask", number=sheet.number).line()
    page.say("fix_total.hint", total=sheet.total or 0).line(sheet.heading())
    return page.row(sheet.back()).screen()


def _confirm(sheet: _Sheet) -> Screen:
    place, before = sheet.view.place, sheet.question.answer
    if place.pending is None:
        return _ask(sheet)
    value = value_text(place.pending, sheet.texts, sheet.indicator)
    page = ScreenBuilder(sheet.texts)
    page.say("confirm.ask", number=sheet.number, short=sheet.short, value=value).line()
    for doubt in place.doubts:
        if sheet.texts.has(f"doubt.{doubt}"):
            page.line(_doubt(sheet, doubt))
    if before is not None and before != place.pending and "others_answer" not in place.doubts:
        page.say("confirm.instead", old=value_text(before, sheet.texts, sheet.indicator))
    page.line(sheet.heading())
    return page.row(sheet.button("button.right", "ok"), sheet.button("button.fix", "fix")).screen()


def _doubt(sheet: _Sheet, doubt: str) -> str:
    last, question, texts = sheet.question.last, sheet.question, sheet.texts
    # The total that the check compared with; the reporter's own has priority over the commune's.
    usual = sheet.view.place.own_total or question.own_total or question.expected
    answer, office_key = question.answer, f"doubt.{doubt}_office"
    of_office = sheet.view.unit.office and texts.has(office_key)
    return texts.say(
        office_key if of_office else f"doubt.{doubt}",
        unit=sheet.text.unit or "",
        here=sheet.view.unit_name(texts),
        total=usual or 0,
        last=value_text(last, texts, sheet.indicator) if last is not None else "—",
        name=sheet.giver or texts.say("somebody"),
        when=sheet.when or "",
        value=value_text(answer, texts, sheet.indicator) if answer is not None else "—",
    )


def _explain(sheet: _Sheet) -> Screen:
    meaning = sheet.filled(sheet.text.definition)
    page = ScreenBuilder(sheet.texts).say(
        "explain.title", number=sheet.number, short=sheet.text.short
    )
    page.line().say("explain.meaning", definition=meaning)
    page.line().say("explain.letter", wording=sheet.indicator.wording)
    return page.row(sheet.back()).screen()


def _more(sheet: _Sheet) -> Screen:
    view, question = sheet.view, sheet.question
    here = (view.report.id, question.code)
    page = ScreenBuilder(sheet.texts).say("more.title", number=sheet.number, short=sheet.short)
    page.row(sheet.button("button.unknown", "unkn"))
    if sheet.kind.has_total:
        page.row(sheet.button("button.none", "none"))
        if not view.unit.office:
            page.button("count.button.open", to("c.at", *here))
        if question.answer is not None and sheet.kind.total(question.answer):
            page.button("how.button.open", to("w.ask", *here))
    page.row(sheet.button("button.difficulty", "diff"))
    if not (view.unit.office or view.place.alone):
        page.button("evening.button.on", to("e.on"))
    if question.wants_evidence:
        page.row(sheet.button("button.evidence", "evid"))
    return page.row(sheet.back()).screen()


def _evidence(sheet: _Sheet) -> Screen:
    page = (
        ScreenBuilder(sheet.texts)
        .say("evidence.ask", number=sheet.number, short=sheet.text.short)
        .line()
    )
    if sheet.text.evidence_hint:
        page.say("evidence.hint", hint=sheet.text.evidence_hint)
    count = sheet.view.pieces(sheet.question.code)
    page.say("evidence.count", count=count).say("evidence.warning")
    page.row(sheet.button("button.evidence_done", "back"))
    if count:
        page.row(sheet.button("button.evidence_drop", "drop"))
    return page.screen()


def _difficulty(sheet: _Sheet) -> Screen:
    page = ScreenBuilder(sheet.texts).say("difficulty.ask", number=sheet.number, short=sheet.short)
    return page.row(sheet.back()).screen()


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
