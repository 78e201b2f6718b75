"""Returning a report: the choice of the questions, then a note that the officer types."""

import re
from typing import Annotated

from criteria.reminders import next_daytime
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Loading, Next, action, screen
from handlers.messages.notifications import Returned, tell_reporters
from handlers.report.view import ReportView
from handlers.review.cases import Reviewed, mask_of_marks
from handlers.review.screens import add_numbers, answer_lines, not_now, one_report, waiting_list
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Texts
from storage.people import reporters
from storage.reports import reports

_LONGEST_NOTE = 500
_BETWEEN = frozenset({"câu", "cau", "question", "questions", "và", "va", "and", ""})


def _chosen(loading: Loading) -> int:
    """Return the questions that are asked again, as bits; at first those with a mark."""
    view, given = loading.before["view"], loading.number
    every = (1 << len(view.questions)) - 1
    return mask_of_marks(view) if given is None else given & every


Chosen = Annotated[int, _chosen]


def _returnable(view: ReportView) -> bool:
    return view.writable and view.report.is_in


@screen("v.ret", right=OFFICER, asks=True)
def choose_questions(context: Context, view: Reviewed, mask: Chosen) -> Screen:
    """Ask which questions are to be asked again."""
    texts = context.texts
    if not _returnable(view):
        return not_now(context, view)
    page = ScreenBuilder(context).say("review.return.ask", unit=texts.unit(view.unit))
    page.say("review.return.how").line("", *answer_lines(view, texts, chosen=mask))
    items = [
        Button(
            f"{'☑' if mask >> i & 1 else '▫️'} {i + 1}",
            choose_questions.data(view, mask ^ (1 << i), page=context.page),
        )
        for i in range(len(view.questions))
    ]
    add_numbers(page, items, choose_questions, view, mask)
    if mask:
        page.button("review.button.note", ask_note.at(view, mask))
    return page.back(one_report.at(view)).screen()


@choose_questions.text
def take_numbers(context: Context, text: str, view: Reviewed, mask: Chosen) -> Next | None:
    """Choose exactly the typed numbers, "1, 3"; show another text as the note before it is sent."""
    if not _returnable(view):
        return None
    numbers = _numbers_in(text)
    if not numbers:
        return Next(ask_note.at(view, mask), typed=(text[:_LONGEST_NOTE],)) if mask else None
    if any(not 1 <= one <= len(view.questions) for one in numbers):
        refused = context.texts.say("review.return.no_such", count=len(view.questions))
        return Next(choose_questions.at(view, mask), refused)
    return Next(choose_questions.at(view, sum(1 << (one - 1) for one in set(numbers))))


def _numbers_in(text: str) -> list[int]:
    """Return the numbers of a text that contains nothing else; [] for any other text."""
    words = [w for w in re.split(r"[\s,;.]+", text.lower()) if w not in _BETWEEN]
    only_numbers = all(w.isascii() and w.isdecimal() and len(w) < 3 for w in words)
    return [int(w) for w in words] if only_numbers else []


@screen("v.note", right=OFFICER, asks=True)
def ask_note(context: Context, view: Reviewed, mask: Chosen) -> Screen | None:
    """Ask for the note; show a note that was typed on an earlier screen."""
    typed = context.typed
    if not _returnable(view) or not mask:
        return None
    count = len(reporters.reporters_of_unit(context.tx, view.unit.id))
    key = "review.return.note" if count else "review.return.note_nobody"
    page = ScreenBuilder(context).say(
        "review.return.note_look" if typed else key,
        unit=context.texts.unit(view.unit),
        numbers=", ".join(str(i + 1) for i in range(mask.bit_length()) if mask >> i & 1),
        count=count,
        note=typed[0] if typed else "",
    )
    if typed:
        page.button("button.right", return_with_note.at(view, mask))
    return page.back(choose_questions.at(view, mask)).screen()


@ask_note.text
def take_note(context: Context, text: str, view: Reviewed, mask: Chosen) -> Next:
    """Return the report with the typed note; show a retyped note before."""
    if context.typed:
        return Next(context.here, typed=(text[:_LONGEST_NOTE],))
    return _returned(context, view, mask, text)


@action("v.retd", right=OFFICER)
def return_with_note(context: Context, view: Reviewed, mask: Chosen) -> Next:
    """Return the report with the note that was shown."""
    if not context.typed:
        return Next(choose_questions.at(view, mask))
    return _returned(context, view, mask, context.typed[0])


def _returned(context: Context, view: ReportView, mask: int, text: str) -> Next:
    note = text[:_LONGEST_NOTE]
    if not _returnable(view):
        return Next(one_report.at(view), context.texts.say("review.return.too_late"))
    codes = [q.code for i, q in enumerate(view.questions) if mask >> i & 1]
    reports.return_report(context.tx, view.report, codes, note, **context.authorship)
    count = tell_reporters(
        context,
        view.unit,
        Returned,
        lambda texts, unit: _message(view, unit, codes, note, texts),
    )
    key = "review.return.done" if count else "review.return.done_nobody"
    if count and next_daytime(context.now, context.deployment.zone) > context.now:
        key = "review.return.done_later"
    done = context.texts.say(key, unit=context.texts.unit(view.unit), count=count)
    return Next(waiting_list.at(view.round), done)


def _message(view: ReportView, unit: str, codes: list[str], note: str, texts: Texts) -> Screen:
    """Return the message to the area: the questions, the note, and a button to the first."""
    round_ = round_text(view.round, texts)
    page = ScreenBuilder(texts).say(
        "review.return.message", unit=unit, round=round_, count=len(codes)
    )
    page.line().say("review.return.words", note=note).line()
    for code in codes:
        short, number = texts.short(view.indicator(code)), view.number_of(code)
        page.say("review.return.item", number=number, short=short)
    number = view.number_of(codes[0])
    return page.button("review.button.answer", to("redo", view.id), number=number).screen()
