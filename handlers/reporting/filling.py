"""The use cases of a report: begin, answer by text or button, attach, correct, send."""

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
from criteria.conversation.inputs import LINK
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

LONGEST_DIFFICULTY = 1000
_QUOTED = 200

# The moves that buttons make.
MOVES: dict[str, Move] = {
    "yes": Move("yes"),
    "no": Move("no"),
    "same": Move("same"),
    "keep": Move("keep"),
    "undo": Move("undo"),
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
# Moves that answer a question.
_ANSWERING = frozenset({"give", "unknown", "none", "same", "keep", "skip"})
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


def pressed_desk(turn: Turn, press: Press) -> tuple[Desk, Desk | None] | None:
    """The desk of the report that a button names, and the one that lies open; None: not theirs."""
    report_id = press.number(0)
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    standing = standing_desk(turn, kept)
    if standing is not None and standing.report.id == report_id:
        return standing, standing
    desk = desk_of_report(turn, report_id) if report_id is not None else None
    return (desk, standing) if desk is not None else None


def desk_of_report(turn: Turn, report_id: int) -> Desk | None:
    """The desk of a report that doesn't lie open; None when it isn't this person's to fill in."""
    report = reports.report_by_id(turn.tx, report_id)
    if report is None or not may_fill(turn, report):
        return None
    return lay_out(turn.tx, report, turn.person.id, Place("summary"), 0, turn.said_at)


def closed(turn: Turn, desk: Desk) -> Reply:
    """The summary, for a report in which nothing can be changed any more."""
    after = moved(turn, desk, Place("summary"))
    return show_desk(turn, after, toast=turn.texts.say("toast.closed"))


def pressed(turn: Turn, press: Press) -> Reply | None:
    """A button of a report. None: it leads nowhere any more."""
    found = pressed_desk(turn, press)
    if found is None:
        return None
    (desk, standing), code = found, press.text(1)
    if not desk.writable:
        return closed(turn, desk)
    same_report = desk is standing
    revision = press.number(2)
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
    question = desk.question(code)
    if question is not None and _says_what_stands(press.action, question.answer):
        if standing is None:
            return None
        return Reply(toast=turn.texts.say("toast.already", number=desk.number_of(code)))
    # About another question, or this one again: it is confirmed, never simply taken.
    return correct(turn, desk, move, "button")


def _says_what_stands(action: str, answer: object) -> bool:
    return getattr(answer, "yes", None) is (action == "yes") if action in {"yes", "no"} else False


def typed(turn: Turn, desk: Desk, *, seen: bool = True, beside: bool = False) -> Reply:
    """A typed text about the open question.

    `seen`: its writer had the question before them; otherwise what it says is confirmed. `beside`:
    another screen was shown since, whose button a lone figure can mean.
    """
    text, place = turn.incoming.text, desk.place
    if not desk.writable or (place.alone and not seen):
        return show_desk(turn, desk)  # an evening's question perhaps never came
    if place.screen == "difficulty":
        return _typed_difficulty(turn, desk, text)
    question = desk.question(place.code)
    if question is not None and question.wants_evidence and (link := LINK.search(text)):
        return _take_link(turn, desk, link[0])
    rest, how = said_how(text)
    if how is not None and not rest and (told := _tell_how(turn, desk, how)):
        return told
    move = typed_move(desk, place, text)
    if move.does == "difficulty" and move.text:
        return take_difficulty(turn, desk, move.text)
    if not seen:
        move = Move("done") if move.does == "send" else _confirmed(move, "unseen")
    if place.screen == "evidence" and question is not None and not question.open:
        move = _confirmed(move, "correction")
    if beside and len(text.strip()) == 1 and text.strip().isdecimal():
        if place.screen == "confirm":
            return show_desk(turn, desk)  # "1" may have meant the other screen
        move = _confirmed(move, "beside")
    return _answering(apply(turn, desk, move, "text"), desk, _answers(desk, move))


def typed_for(turn: Turn, desk: Desk, code: str, *, settled: bool) -> Reply:
    """A typed text about another question: an answer to it, or a correction that is confirmed."""
    move = typed_move(desk, Place("ask", code), turn.incoming.text)
    if move.does == "edit" and move.then is not None and desk.number_of(code) == move.number:
        move = move.then
    if move.does not in _ANSWERING or not desk.writable:
        return show_desk(turn, desk, (Said(move.reason or "not_understood", code),))
    if settled and move.does in {"unknown", "skip"}:
        return apply(turn, desk, Move("edit", number=desk.number_of(code)), "text")
    question = desk.question(code)
    if settled:
        stands = question is not None and question.answer is not None
        move = _confirmed(move, "replied" if stands else "other_report")
    return _answering(correct(turn, desk, replace(move, code=code), "text"), desk, code)


def correct(turn: Turn, desk: Desk, move: Move, way: str) -> Reply:
    """A move about a question that need not be the open one; which is asked again afterwards."""
    place = desk.place
    if place.code == move.code:  # it is confirmed, and never taken for a reply to what is open
        place = replace(place, code=None, screen="ask", pending=None)
    return take(turn, desk, advance(place, desk.questions, as_before(turn, desk, move)), way)


def _confirmed(move: Move, reason: str) -> Move:
    """The same move, asked about before it counts."""
    return replace(move, clear=False, reason=reason) if move.does in {"give", "same"} else move


def _answering(reply: Reply, desk: Desk, code: str | None) -> Reply:
    """The reply to a message that answered a question, so that an edit of it can correct that."""
    return replace(reply, answered=(desk.report.id, code)) if code is not None else reply


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
    move = replace(_confirmed(move, "edited"), code=code)
    return _answering(correct(turn, desk, move, "edit"), desk, code)


def attached(turn: Turn, desk: Desk, code: str | None) -> Reply:
    """A photo or file: evidence for the question that its sender saw, where that wants some."""
    item, question = turn.incoming.attachment, desk.question(code)
    if item is None or not desk.writable:
        return show_desk(turn, desk)
    if desk.place.screen == "difficulty" and code == desk.place.code:
        return _photo_of_difficulty(turn, desk, item)
    if question is None or not question.wants_evidence:
        return show_desk(turn, desk, (Said("evidence_not_wanted", code), *_words(turn)))
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
