"""Returning a report: the questions concerned, then a note in the officer's own words."""

import re

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press, pack
from handlers.messages.notifications import tell_reporters
from handlers.report.view import ReportView
from handlers.review.cases import case_of, mask_of_marks, name_of
from handlers.review.screens import answer_lines, not_now, numbered, onward_row
from handlers.texts import Texts
from storage import people, reports

_LONGEST_NOTE = 500
_PAGE = 5
_BETWEEN = frozenset({"câu", "cau", "question", "questions", "và", "va", "and", ""})


def _which_questions(context: Context, press: Press, said: Said) -> Screen | None:
    """Which questions are asked again; at first those that are marked."""
    view = _returnable(context, press.number(0))
    if view is None:
        return not_now(context, press)
    texts, here = context.texts, view.report.id
    mask = _mask(view, press)
    lines = [
        texts.say("review.return.ask", unit=name_of(view, texts)),
        texts.say("review.return.how"),
        "",
        *answer_lines(view, texts, chosen=mask),
    ]
    page = press.number(2) or 0
    items = [
        (f"{'☑' if mask >> i & 1 else '▫️'} {i + 1}", pack("v.ret", here, mask ^ (1 << i), page))
        for i in range(len(view.questions))
    ]
    rows, page, pages = numbered(items, page, _PAGE, _PAGE)
    rows += onward_row(pages, page, lambda n: pack("v.ret", here, mask, n), texts)
    if mask:
        rows.append((Button(texts.say("review.button.note"), pack("v.note", here, mask)),))
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def _returnable(context: Context, report_id: int | None) -> ReportView | None:
    view = case_of(context, report_id)
    if view is None or not view.writable or view.report.state not in {"sent", "accepted"}:
        return None
    return view


def _mask(view: ReportView, press: Press) -> int:
    given = press.number(1)
    every = (1 << len(view.questions)) - 1
    return mask_of_marks(view) if given is None else given & every


def _take_numbers(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """Choose just these, "1, 3"; words are the note already, which is shown before it goes."""
    view = _returnable(context, press.number(0))
    if view is None:
        return None
    numbers = _numbers_in(text)
    if not numbers:
        mask = _mask(view, press)
        return Next(to("v.note", view.report.id, mask), said=(_cut(text),)) if mask else None
    if any(not 1 <= one <= len(view.questions) for one in numbers):
        refused = context.texts.say("review.return.no_such", count=len(view.questions))
        return Next(to("v.ret", view.report.id, _mask(view, press)), refused)
    return Next(to("v.ret", view.report.id, sum(1 << (one - 1) for one in set(numbers))))


def _numbers_in(text: str) -> list[int]:
    """The numbers of a text that says nothing else; none when it does."""
    words = [w for w in re.split(r"[\s,;.]+", text.lower()) if w not in _BETWEEN]
    said = all(w.isascii() and w.isdecimal() and len(w) < 3 for w in words)
    return [int(w) for w in words] if said else []


def _cut(text: str) -> str:
    return text[:_LONGEST_NOTE]


def _ask_note(context: Context, press: Press, said: Said) -> Screen | None:
    """Ask for the note that goes with it."""
    view = _returnable(context, press.number(0))
    mask = _mask(view, press) if view is not None else 0
    if view is None or not mask:
        return None
    told = len(people.members_of_unit(context.tx, view.unit.id))
    key = "review.return.note" if told else "review.return.note_nobody"
    text = context.texts.say(
        "review.return.note_look" if said else key,
        unit=name_of(view, context.texts),
        numbers=", ".join(str(i + 1) for i in range(mask.bit_length()) if mask >> i & 1),
        count=told,
        note=said[0] if said else "",
    )
    leaves = back(context.texts, "v.ret", view.report.id, mask)
    if not said:
        return Screen(text, (leaves,))
    return Screen(
        text, ((button(context.texts, "button.right", "v.retd", view.report.id, mask),), leaves)
    )


def _take_note(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The note returns the report; one that is written anew, after another, is shown first."""
    if said:
        return Next(press, said=(_cut(text),))
    return _returned(context, press, text)


def _return(context: Context, press: Press, said: Said) -> Next | None:
    """The note that was shown returns the report."""
    return _returned(context, press, said[0]) if said else Next(to("v.ret", *press.arguments))


def _returned(context: Context, press: Press, text: str) -> Next:
    view = _returnable(context, press.number(0))
    if view is None:
        too_late = context.texts.say("review.return.too_late")
        return Next(to("v.one", press.number(0) or 0), too_late)
    mask, note = _mask(view, press), _cut(text)
    codes = [q.code for i, q in enumerate(view.questions) if mask >> i & 1]
    reports.return_report(
        context.tx, view.report, codes, note, by=context.person.id, now=context.now, way="text"
    )
    told = tell_reporters(
        context,
        view.unit.id,
        "returned",
        lambda texts: _message(view, codes, note, texts),
        at_once=True,
    )
    key = "review.return.done" if told else "review.return.done_nobody"
    done = context.texts.say(key, unit=name_of(view, context.texts), count=told)
    return Next(to("v.list", view.round.id), done)


def _message(view: ReportView, codes: list[str], note: str, texts: Texts) -> Screen:
    """What the area reads: which questions, the officer's words, and the way to the first."""
    lines: list[str] = [
        texts.say(
            "review.return.message",
            unit=name_of(view, texts),
            round=view.round.name,
            count=len(codes),
        ),
        "",
        texts.say("review.return.words", note=note),
        "",
    ]
    for code in codes:
        short = view.indicator(code).text(texts.language).short
        lines.append(texts.say("review.return.item", number=view.number_of(code), short=short))
    first = texts.say("review.button.answer", number=view.number_of(codes[0]))
    return Screen("\n".join(lines), ((Button(first, pack("redo", view.report.id)),),))


STEPS = Steps(
    views={"v.ret": _which_questions, "v.note": _ask_note},
    deeds={"v.retd": _return},
    takes={"v.ret": _take_numbers, "v.note": _take_note},
    asking=frozenset({"v.ret", "v.note"}),
)
