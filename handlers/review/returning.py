"""Returning a report: the questions concerned, then a note in the officer's own words."""

import re

from handlers.channel import Button, Screen
from handlers.presses import Press, pack
from handlers.reporting.desk import Desk
from handlers.review.cases import case_of, mask_of_marks, name_of
from handlers.review.screens import answer_lines, not_now, numbered, onward_row
from handlers.steps import Next, Said, Steps, back, button, to
from handlers.telling import tell_reporters
from handlers.texts import Texts
from handlers.turn import Turn
from storage import people, reports

_LONGEST_NOTE = 500
_PAGE = 5
_BETWEEN = frozenset({"câu", "cau", "question", "questions", "và", "va", "and", ""})


def _which_questions(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Which questions are asked again; at first those that are marked."""
    desk = _returnable(turn, press.number(0))
    if desk is None:
        return not_now(turn, press)
    texts, here = turn.texts, desk.report.id
    mask = _mask(desk, press)
    lines = [
        texts.say("review.return.ask", unit=name_of(desk, texts)),
        texts.say("review.return.how"),
        "",
        *answer_lines(desk, texts, chosen=mask),
    ]
    page = press.number(2) or 0
    items = [
        (f"{'☑' if mask >> i & 1 else '▫️'} {i + 1}", pack("v.ret", here, mask ^ (1 << i), page))
        for i in range(len(desk.questions))
    ]
    rows, page, pages = numbered(items, page, _PAGE, _PAGE)
    rows += onward_row(pages, page, lambda n: pack("v.ret", here, mask, n), texts)
    if mask:
        rows.append((Button(texts.say("review.button.note"), pack("v.note", here, mask)),))
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def _returnable(turn: Turn, report_id: int | None) -> Desk | None:
    desk = case_of(turn, report_id)
    if desk is None or not desk.writable or desk.report.state not in {"sent", "accepted"}:
        return None
    return desk


def _mask(desk: Desk, press: Press) -> int:
    given = press.number(1)
    every = (1 << len(desk.questions)) - 1
    return mask_of_marks(desk) if given is None else given & every


def _take_numbers(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    """Choose just these, "1, 3"; words are the note already, which is shown before it goes."""
    desk = _returnable(turn, press.number(0))
    if desk is None:
        return None
    numbers = _numbers_in(text)
    if not numbers:
        mask = _mask(desk, press)
        return Next(to("v.note", desk.report.id, mask), said=(_cut(text),)) if mask else None
    if any(not 1 <= one <= len(desk.questions) for one in numbers):
        refused = turn.texts.say("review.return.no_such", count=len(desk.questions))
        return Next(to("v.ret", desk.report.id, _mask(desk, press)), refused)
    return Next(to("v.ret", desk.report.id, sum(1 << (one - 1) for one in set(numbers))))


def _numbers_in(text: str) -> list[int]:
    """The numbers of a text that says nothing else; none when it does."""
    words = [w for w in re.split(r"[\s,;.]+", text.lower()) if w not in _BETWEEN]
    said = all(w.isascii() and w.isdecimal() and len(w) < 3 for w in words)
    return [int(w) for w in words] if said else []


def _cut(text: str) -> str:
    return text[:_LONGEST_NOTE]


def _ask_note(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Ask for the note that goes with it."""
    desk = _returnable(turn, press.number(0))
    mask = _mask(desk, press) if desk is not None else 0
    if desk is None or not mask:
        return None
    told = len(people.members_of_unit(turn.tx, desk.unit.id))
    key = "review.return.note" if told else "review.return.note_nobody"
    text = turn.texts.say(
        "review.return.note_look" if said else key,
        unit=name_of(desk, turn.texts),
        numbers=", ".join(str(i + 1) for i in range(mask.bit_length()) if mask >> i & 1),
        count=told,
        note=said[0] if said else "",
    )
    leaves = back(turn.texts, "v.ret", desk.report.id, mask)
    if not said:
        return Screen(text, (leaves,))
    return Screen(
        text, ((button(turn.texts, "button.right", "v.retd", desk.report.id, mask),), leaves)
    )


def _take_note(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    """The note returns the report; one that is written anew, after another, is shown first."""
    if said:
        return Next(press, said=(_cut(text),))
    return _returned(turn, press, text)


def _return(turn: Turn, press: Press, said: Said) -> Next | None:
    """The note that was shown returns the report."""
    return _returned(turn, press, said[0]) if said else Next(to("v.ret", *press.arguments))


def _returned(turn: Turn, press: Press, text: str) -> Next:
    desk = _returnable(turn, press.number(0))
    if desk is None:
        too_late = turn.texts.say("review.return.too_late")
        return Next(to("v.one", press.number(0) or 0), too_late)
    mask, note = _mask(desk, press), _cut(text)
    codes = [q.code for i, q in enumerate(desk.questions) if mask >> i & 1]
    reports.return_report(
        turn.tx, desk.report, codes, note, by=turn.person.id, now=turn.now, way="text"
    )
    told = tell_reporters(
        turn,
        desk.unit.id,
        "returned",
        lambda texts: _message(desk, codes, note, texts),
        at_once=True,
    )
    key = "review.return.done" if told else "review.return.done_nobody"
    done = turn.texts.say(key, unit=name_of(desk, turn.texts), count=told)
    return Next(to("v.list", desk.round.id), done)


def _message(desk: Desk, codes: list[str], note: str, texts: Texts) -> Screen:
    """What the area reads: which questions, the officer's words, and the way to the first."""
    lines: list[str] = [
        texts.say(
            "review.return.message",
            unit=name_of(desk, texts),
            round=desk.round.name,
            count=len(codes),
        ),
        "",
        texts.say("review.return.words", note=note),
        "",
    ]
    for code in codes:
        short = desk.indicator(code).text(texts.language).short
        lines.append(texts.say("review.return.item", number=desk.number_of(code), short=short))
    first = texts.say("review.button.answer", number=desk.number_of(codes[0]))
    return Screen("\n".join(lines), ((Button(first, pack("redo", desk.report.id)),),))


STEPS = Steps(
    views={"v.ret": _which_questions, "v.note": _ask_note},
    deeds={"v.retd": _return},
    takes={"v.ret": _take_numbers, "v.note": _take_note},
    asking=frozenset({"v.ret", "v.note"}),
)
