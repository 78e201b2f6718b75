"""The use cases of a report: begin, answer by text or button, attach, correct, send."""

import re
from dataclasses import replace
from typing import Literal

from criteria.answers import How, Ratio
from criteria.conversation import (
    Move,
    Place,
    Said,
    advance,
    after_difficulty,
    begin,
)
from criteria.reading import read, said_how
from handlers.channel import Attachment, Reply
from handlers.presses import Press
from handlers.reporting.allowances import no_room
from handlers.reporting.desk import Desk, lay_out
from handlers.reporting.moving import apply, as_before, moved, standing_desk, take
from handlers.reporting.pieces import refusal
from handlers.reporting.replies import typed_move
from handlers.reporting.showing import show_desk
from handlers.reporting.who_writes import may_fill
from handlers.telling import tell_officers
from handlers.turn import Turn
from storage import conversations, difficulties, evidence, reports

_LINK = re.compile(r"https?://\S{4,500}")
LONGEST_DIFFICULTY = 1000
_QUOTED = 200

# The moves that buttons make.
MOVES: dict[str, Move] = {
    "yes": Move("yes"),
    "no": Move("no"),
    "same": Move("same"),
    "skip": Move("skip"),
    "back": Move("back"),
    "info": Move("explain"),
    "more": Move("more"),
    "fixt": Move("fix_total"),
    "ok": Move("yes"),
    "fix": Move("no"),
    "unkn": Move("unknown"),
    "none": Move("none"),
    "diff": Move("difficulty"),
    "evid": Move("evidence"),
    "send": Move("send"),
    "go": Move("resume"),
    "sum": Move("done"),
}
# "redo" leads into a returned report, at the first question that is asked again.
ACTIONS = frozenset({*MOVES, "edit", "drop", "redo"})
# Buttons that carry an answer: pressed late they correct the question they were made for.
_ANSWERS = frozenset({"yes", "no", "same"})
# Buttons that lead somewhere, whenever they are pressed.
_LEADS = frozenset({"edit", "sum", "redo"})


def begin_report(turn: Turn, round_id: int, unit_id: int) -> Reply:
    """Open a unit's report at its first open question, or at the summary."""
    report = reports.start_report(turn.tx, round_id, unit_id, turn.now, by=turn.person.id)
    desk = lay_out(turn.tx, report, turn.person.id, Place(), 0, turn.now)
    place = begin(desk.questions)
    standing = standing_desk(turn, conversations.conversation_of(turn.tx, turn.person.id))
    if (
        standing is not None
        and standing.report.id == report.id
        and standing.place.code == place.code
    ):
        place = replace(place, own_total=standing.place.own_total)  # said, and not yet used
    return show_desk(turn, moved(turn, desk, place))


def pressed(turn: Turn, press: Press) -> Reply | None:
    """A button of a report. None: it leads nowhere any more."""
    report_id, code, revision = press.number(0), press.text(1), press.number(2)
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    standing = standing_desk(turn, kept)
    same_report = standing is not None and standing.report.id == report_id
    if standing is not None and same_report:
        desk = standing
    else:
        report = reports.report_by_id(turn.tx, report_id) if report_id is not None else None
        if report is None or not may_fill(turn, report, kept):
            return None
        desk = lay_out(turn.tx, report, turn.person.id, Place("summary"), 0, turn.now)
    if not desk.writable:
        return show_desk(
            turn, moved(turn, desk, Place("summary")), toast=turn.texts.say("toast.closed")
        )
    fresh = same_report and desk.revision == revision
    if not fresh and press.action not in _LEADS:
        return _pressed_late(turn, desk, press, code, standing)
    if press.action == "redo":
        return show_desk(turn, moved(turn, desk, begin(desk.questions)))
    if press.action == "edit":
        return apply(turn, desk, Move("edit", number=desk.number_of(code)), "button")
    if press.action == "drop":
        return _drop_evidence(turn, desk)
    return apply(turn, desk, MOVES[press.action], "button")


def _pressed_late(
    turn: Turn, desk: Desk, press: Press, code: str, standing: Desk | None
) -> Reply | None:
    if press.action not in _ANSWERS or desk.question(code) is None:
        if standing is None:
            return None
        return show_desk(turn, standing, toast=turn.texts.say("toast.old_button"))
    move = replace(MOVES[press.action], code=code, clear=False, reason="old_button")
    move = as_before(turn, desk, move)
    question = desk.question(code)
    if question is not None and _says_what_stands(press.action, question.answer):
        if standing is None:
            return None
        return Reply(toast=turn.texts.say("toast.already", number=desk.number_of(code)))
    # About another question, or this one again: it is confirmed, never simply taken.
    place = desk.place if desk.place.code != code else replace(desk.place, code=None)
    return take(turn, desk, advance(place, desk.questions, move), "button")


def _says_what_stands(action: str, answer: object) -> bool:
    return getattr(answer, "yes", None) is (action == "yes") if action in {"yes", "no"} else False


def typed(turn: Turn, desk: Desk, *, seen: bool = True, beside: bool = False) -> Reply:
    """Typed text while a report lies open.

    `seen`: the present question has surely arrived. `beside`: another screen was shown since.
    """
    text = turn.incoming.text
    if not desk.writable or (desk.place.alone and not seen):
        return show_desk(turn, desk)  # an evening's question perhaps never came
    if desk.place.screen == "difficulty":
        return _typed_difficulty(turn, desk, text)
    if desk.place.screen == "evidence" and (link := _LINK.search(text)):
        return _take_link(turn, desk, link[0])
    rest, how = said_how(text)
    if how is not None and not rest and (told := _tell_how(turn, desk, how)):
        return told
    move = typed_move(desk, desk.place, text)
    if move.does == "difficulty" and move.text:
        return take_difficulty(turn, desk, move.text)
    if not seen:
        move = _with_care(turn, desk, move)
    if beside and len(text.strip()) == 1 and text.strip().isdecimal():
        if desk.place.screen == "confirm":
            return show_desk(turn, desk)  # "1" may have meant the other screen
        move = replace(move, clear=False, reason="beside")
    said_for = _answers(desk, move)
    if said_for is not None:
        _remember_said(turn, desk, said_for)
    return apply(turn, desk, move, "text")


def _tell_how(turn: Turn, desk: Desk, how: How) -> Reply | None:
    """How the number was come by that stands at this question, else the one given last."""
    last = reports.last_change(turn.tx, desk.report.id, turn.person.id)
    codes = (desk.place.code, last.indicator if last is not None else None)
    found = (q for code in codes if (q := desk.question(code)) and isinstance(q.answer, Ratio))
    question = next(found, None)
    if question is None:
        return None
    reports.set_how(
        turn.tx, desk.report, question.code, how, by=turn.person.id, way="text", now=turn.now
    )
    said = Said(f"how_{how}", question.code, question.answer)
    return show_desk(turn, moved(turn, desk, desk.place), (said,))


def _answers(desk: Desk, move: Move) -> str | None:
    """The question that a typed message answers, so that an edit of it can correct the answer."""
    if move.does == "give":
        return desk.place.code
    number = move.number or 0
    if move.does == "edit" and move.then is not None and 1 <= number <= len(desk.questions):
        return desk.questions[number - 1].code
    return None


def _with_care(turn: Turn, desk: Desk, move: Move) -> Move:
    """A move on a question that perhaps never arrived, since its reply was lost.

    Whoever saw no reply says the same once more: what equals the answer just given is confirmed
    before it counts for the next question. And nothing is sent from a summary nobody saw.
    """
    if move.does == "send":
        return Move("done")
    last = reports.last_change(turn.tx, desk.report.id, turn.person.id)
    if move.does != "give" or last is None or last.new is None:
        return move
    again = isinstance(last.new, Ratio) and move.value == last.new.numerator
    if again or move.value == last.new:
        return replace(move, clear=False, reason="unseen")
    return move


def edited(turn: Turn, desk: Desk, code: str) -> Reply:
    """A message was edited that had answered `code`: it is offered as a correction."""
    question = desk.question(code)
    if question is None or not desk.writable:
        return show_desk(turn, desk)
    move = typed_move(desk, Place("ask", code), turn.incoming.text)
    if move.does == "edit" and move.then is not None and desk.number_of(code) == move.number:
        move = move.then
    if move.does != "give":
        return show_desk(turn, desk, (Said("edit_not_understood", code),))
    move = replace(move, code=code, clear=False, reason="edited")
    place = desk.place if desk.place.code != code else replace(desk.place, code=None)
    return take(turn, desk, advance(place, desk.questions, move), "edit")


def attached(turn: Turn, desk: Desk) -> Reply:
    """A photo or file: evidence for the present question, where it wants some."""
    item, question = turn.incoming.attachment, desk.question(desk.place.code)
    if item is None or not desk.writable:
        return show_desk(turn, desk)
    if desk.place.screen == "difficulty":
        return _photo_of_difficulty(turn, desk, item)
    if question is None or not question.wants_evidence:
        return show_desk(turn, desk, (Said("evidence_not_wanted", desk.place.code), *_words(turn)))
    why = refusal(item) or no_room(turn, desk.round.id, item.size or 0)
    if why is not None:
        return show_desk(turn, desk, (Said(f"evidence_{why}", question.code), *_words(turn)))
    warned = desk.place.screen == "evidence" or evidence.gave_any(turn.tx, turn.person.id)
    evidence.add_attachment(
        turn.tx,
        desk.report,
        question.code,
        kind=item.kind,
        reference=item.reference,
        name=item.name,
        media_type=item.media_type,
        size=item.size,
        by=turn.person.id,
        now=turn.now,
    )
    noted = Said("evidence_noted", question.code)
    first = () if warned else (Said("evidence_first"),)
    return _again(turn, desk, noted, *first, *_words(turn))


def _words(turn: Turn) -> tuple[Said, ...]:
    """Words below a photo may be about the photo or the answer: whoever wrote them is told."""
    return (Said("words_with_it"),) if turn.incoming.text.strip() else ()


def _take_link(turn: Turn, desk: Desk, link: str) -> Reply:
    code = desk.place.code or ""
    if full := no_room(turn, desk.round.id, 0):
        return show_desk(turn, desk, (Said(f"evidence_{full}", code),))
    evidence.add_link(turn.tx, desk.report, code, link, by=turn.person.id, now=turn.now)
    return _again(turn, desk, Said("evidence_noted", code))


def _drop_evidence(turn: Turn, desk: Desk) -> Reply:
    code = desk.place.code or ""
    pieces = [e for e in evidence.evidence_of(turn.tx, desk.report.id) if e.indicator == code]
    if pieces:
        evidence.remove(turn.tx, pieces[-1].id, by=turn.person.id, now=turn.now)
    return _again(turn, desk, Said("evidence_dropped", code))


def _photo_of_difficulty(turn: Turn, desk: Desk, item: Attachment) -> Reply:
    """A photo of what stands in the way, with its sentence or before it."""
    if item.kind != "photo":
        return show_desk(turn, desk, above=turn.texts.say("difficulties.photo_only"))
    place = replace(desk.place, photo=item.reference)
    after = moved(turn, desk, place)
    if turn.incoming.text.strip():
        return take_difficulty(turn, after, turn.incoming.text)
    return show_desk(turn, after, above=turn.texts.say("difficulties.photo_first"))


def tell_of_difficulty(turn: Turn, unit_id: int, number: int, text: str) -> None:
    """The commune's officers hear of it, with a way to it."""
    quoted = " ".join(text.split())[:_QUOTED]
    see = ("difficulties.button.see", "d.one", number)
    tell_officers(turn, unit_id, "told.difficulty", see, text=quoted)


def no_difficulty(text: str) -> Literal["leave", "again"] | None:
    """A word that leads out, or that only says once more that there is something; else None."""
    reading = read(text, "yes_no")
    if reading.outcome != "command" or reading.reply:
        return None
    if reading.command in {"back", "cancel", "skip", "done", "send"}:
        return "leave"
    return "again" if reading.command in {"difficulty", "help"} else None


def _typed_difficulty(turn: Turn, desk: Desk, text: str) -> Reply:
    match no_difficulty(text):
        case "leave":
            return apply(turn, desk, Move("back"), "text")
        case "again":
            return show_desk(turn, desk)
        case None:
            return take_difficulty(turn, desk, text)


def take_difficulty(turn: Turn, desk: Desk, text: str) -> Reply:
    """Keep what stands in the way, with the photo sent before it, and ask on as before."""
    made = difficulties.raise_difficulty(
        turn.tx,
        commune_id=desk.unit.commune_id,
        round_id=desk.round.id,
        unit_id=desk.unit.id,
        indicator=desk.place.code,
        text=text.strip()[:LONGEST_DIFFICULTY],
        photo=desk.place.photo,
        by=turn.person.id,
        now=turn.now,
    )
    tell_of_difficulty(turn, desk.unit.id, made, text)
    place = after_difficulty(desk.place)
    said = Said("difficulty_noted", desk.place.code)
    return show_desk(turn, moved(turn, desk, place), (said,))


def _again(turn: Turn, desk: Desk, *said: Said) -> Reply:
    return show_desk(turn, moved(turn, desk, desk.place, pieces_too=True), said)


def _remember_said(turn: Turn, desk: Desk, code: str) -> None:
    if turn.incoming.message is not None:
        purpose = f"said:{desk.report.id}:{code}"
        conversations.remember_shown(turn.tx, turn.person.id, purpose, turn.incoming.message, None)
