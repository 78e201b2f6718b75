"""Returning a report: the questions concerned, then a note in the officer's own words."""

import re

from criteria.reading import read
from handlers.channel import Button, Reply, Screen
from handlers.notices import tell_reporters
from handlers.presses import Press, pack
from handlers.reporting.desk import Desk
from handlers.review.cases import case_of, mask_of_marks, name_of
from handlers.review.menus import await_reply, present, show
from handlers.review.screens import answer_lines, numbered, onward_row
from handlers.texts import Texts
from handlers.turn import Turn
from storage import people, reports

AWAITS_NOTE = "review_note"
_LONGEST_NOTE = 500
_PAGE = 5
_BETWEEN = frozenset({"câu", "cau", "question", "questions", "và", "va", "and", ""})


def return_screen(turn: Turn, press: Press) -> Screen | None:
    """Which questions are asked again; at first those that are marked."""
    desk = _returnable(turn, press.number(0))
    if desk is None:
        return None
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


def chosen_by_numbers(turn: Turn, press: Press, text: str) -> Reply | None:
    """Choose just these: "1, 3" on the screen of the questions."""
    desk = _returnable(turn, press.number(0))
    numbers = _numbers_in(text)
    if desk is None or not numbers:
        return None
    if any(not 1 <= one <= len(desk.questions) for one in numbers):
        return show(
            turn,
            pack("v.ret", desk.report.id, _mask(desk, press)),
            "review.return.no_such",
            count=len(desk.questions),
        )
    mask = sum(1 << (one - 1) for one in set(numbers))
    return show(turn, pack("v.ret", desk.report.id, mask))


def _numbers_in(text: str) -> list[int]:
    """The numbers of a text that says nothing else; none when it does."""
    words = [w for w in re.split(r"[\s,;.]+", text.lower()) if w not in _BETWEEN]
    said = all(w.isascii() and w.isdecimal() and len(w) < 3 for w in words)
    return [int(w) for w in words] if said else []


def ask_note(turn: Turn, press: Press) -> Reply | None:
    """Ask for the note that goes with it."""
    desk = _returnable(turn, press.number(0))
    mask = _mask(desk, press) if desk is not None else 0
    if desk is None or not mask:
        return None
    await_reply(turn, (AWAITS_NOTE, str(desk.report.id), str(mask)))
    told = len(people.members_of_unit(turn.tx, desk.unit.id))
    text = turn.texts.say(
        "review.return.note" if told else "review.return.note_nobody",
        unit=name_of(desk, turn.texts),
        numbers=_numbers(mask),
        count=told,
    )
    back = Button(turn.texts.say("button.back"), pack("v.ret", desk.report.id, mask))
    return present(turn, Screen(text, ((back,),)))


def _numbers(mask: int) -> str:
    return ", ".join(str(i + 1) for i in range(mask.bit_length()) if mask >> i & 1)


def note_given(turn: Turn, report_id: int, mask: int) -> Reply | None:
    """The typed note returns the report; "huỷ" leaves it as it was."""
    text = turn.incoming.text.strip()
    if read(text, "yes_no").command in {"cancel", "back"}:
        return show(turn, pack("v.ret", report_id, mask)) or show(turn, pack("v.one", report_id))
    desk = _returnable(turn, report_id)
    if desk is None:
        return show(turn, pack("v.one", report_id), "review.return.too_late")
    codes = [q.code for i, q in enumerate(desk.questions) if mask >> i & 1]
    note = text[:_LONGEST_NOTE]
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
    return show(
        turn,
        pack("v.list", desk.round.id),
        "review.return.done" if told else "review.return.done_nobody",
        unit=name_of(desk, turn.texts),
        count=told,
    )


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
