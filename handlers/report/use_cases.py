"""The use cases of a report: begin, answer by text, correct, attach, raise a difficulty."""

from dataclasses import replace
from typing import Literal

from criteria.answers import CountingMethod
from criteria.conversation import Feedback, Move, Place, advance, after_difficulty, begin
from criteria.conversation.inputs import LINK
from criteria.kinds import kind_of
from criteria.reading import read, read_counting_method
from handlers.flow.channel import Attachment, Reply
from handlers.flow.context import Context
from handlers.messages.notifications import tell_officers
from handlers.report import paper_sheet
from handlers.report.attachment_rules import keep_attachment, no_room, refusal
from handlers.report.changes import apply, as_before, moved, store_method, take
from handlers.report.replies import typed_move
from handlers.report.report_access import view_at
from handlers.report.screens.screen import show_report
from handlers.report.view import ReportView
from handlers.texts import Html
from storage.conversations import conversations
from storage.difficulties import difficulties
from storage.evidence import evidence
from storage.places.places import Unit
from storage.reports import reports
from storage.rounds.rounds import Round

_LONGEST_DIFFICULTY = 1000
_QUOTED = 200

# Moves that answer a question.
_ANSWERING = frozenset({"give", "unknown", "none", "same", "keep", "skip"})

# Moves that reply to a confirmation; "give" does so with the same value again.
_REPLYING = frozenset({"yes", "no", "give"})


def begin_report(context: Context, round_id: int, unit_id: int) -> Reply:
    """Open a unit's report at its first open question, or at the summary."""
    report = reports.start_report(context.tx, round_id, unit_id, context.now, by=context.person.id)
    view = view_at(context, report, Place())
    place = begin(view.questions)
    kept = conversations.conversation_of(context.tx, context.person.id)
    before = Place.from_json(kept.place) if kept and kept.report_id == report.id else None
    if before is not None and before.code == place.code:
        place = replace(place, own_total=before.own_total)  # typed, and not used yet
    return show_report(context, moved(context, view, place))


def typed(
    context: Context, view: ReportView, *, seen: bool = True, last_screen: bool = False
) -> Reply:
    """Handle a typed text about the open question.

    `seen`: the writer had seen the question; otherwise the answer is confirmed first.
    `last_screen`: another screen was shown since, and a single digit may mean its button.
    """
    text, place = context.incoming.text, view.place
    if not view.writable or (place.alone and not seen):
        return show_report(context, view)  # an evening's question may not have arrived
    if place.screen == "difficulty":
        return _typed_difficulty(context, view, text)
    question = view.question(place.code)
    if question is not None and question.wants_evidence and (link := LINK.search(text)):
        return _take_link(context, view, link[0])
    rest, how = read_counting_method(text)
    if how is not None and not rest and (reply := _take_method(context, view, how)):
        return reply
    move = typed_move(view, place, text)
    if move.does == "difficulty" and move.text:
        return take_difficulty(context, view, move.text)
    beside = last_screen and len(text.strip()) == 1 and text.strip().isdecimal()
    if place.screen == "confirm" and (beside or (not seen and move.does in _REPLYING)):
        return show_report(context, view)  # "1" may be for the other screen; unseen: no consent
    if not seen:
        move = Move("done") if move.does == "send" else _confirmed(move, "unseen")
    if place.screen == "evidence" and question is not None and not question.open:
        move = _confirmed(move, "correction")
    if beside:
        move = _confirmed(move, "beside")
    return _answering(apply(context, view, move, "text"), view, _answers(view, move))


def typed_for(
    context: Context, view: ReportView, code: str, *, settled: bool, beside: bool = False
) -> Reply:
    """Handle a typed text about another question: an answer, or a correction to be confirmed.

    `beside`: it can also be the number of a button of the screen that was shown last.
    """
    move = _move_for(context, view, code)
    if move.does not in _ANSWERING or not view.writable:
        feedback = Feedback(move.reason or "not_understood", code)
        return show_report(context, view, (feedback,), above=_about_another(context, view, code))
    if settled and move.does in {"unknown", "skip"}:
        return apply(context, view, Move("edit", number=view.number_of(code)), "text")
    question = view.question(code)
    if settled:
        stands = question is not None and question.answer is not None
        move = _confirmed(move, "replied" if stands else "other_report")
    elif beside:
        move = _confirmed(move, "beside")
    return _answering(correct(context, view, replace(move, code=code), "text"), view, code)


def _about_another(context: Context, view: ReportView, code: str) -> Html | None:
    """Return a sentence with the question that a text was about, if another one is asked."""
    if code == view.place.code or view.question(code) is None:
        return None
    short = context.texts.short(view.indicator(code))
    return context.texts.say("say.about", number=view.number_of(code), short=short)


def _move_for(context: Context, view: ReportView, code: str) -> Move:
    """Return the move of a text about this question, also if it begins with its number."""
    move = typed_move(view, Place("ask", code), context.incoming.text)
    same = move.does == "edit" and move.number == view.number_of(code)
    return move.then if same and move.then is not None else move


def correct(context: Context, view: ReportView, move: Move, way: str) -> Reply:
    """Make a move about a question other than the open one, and ask the open one again."""
    place = view.place
    if place.code == move.code:  # it is confirmed, and is no reply to the open screen
        place = replace(place, code=None, screen="ask", pending=None)
    return take(context, view, advance(place, view.questions, as_before(context, view, move)), way)


def _confirmed(move: Move, reason: str) -> Move:
    """Return the move so that its value is confirmed before it counts."""
    return replace(move, clear=False, reason=reason) if move.does in {"give", "same"} else move


def _answering(reply: Reply, view: ReportView, code: str | None) -> Reply:
    """Return the reply with the question that it answers, so that an edit can correct it."""
    return replace(reply, answered=(view.report.id, code)) if code is not None else reply


def _take_method(context: Context, view: ReportView, how: CountingMethod) -> Reply | None:
    """Store the counting method of the present question's number, else of the last one given."""
    last = reports.last_change(context.tx, view.report.id, context.person.id)
    codes = (view.place.code, last.indicator if last is not None else None)
    given = (q for code in codes if (q := view.question(code)) and q.answer is not None)
    question = next((q for q in given if kind_of(q.kind).has_total), None)
    if question is None:
        return None
    view = store_method(context, view, question.code, how)
    said = Feedback(f"how_{how}", question.code, question.answer)
    return show_report(context, moved(context, view, view.place), (said,))


def _answers(view: ReportView, move: Move) -> str | None:
    """Return the question that a typed message answers; an edit of it corrects that answer."""
    if move.does == "give":
        return view.place.code
    number = move.number or 0
    if move.does == "edit" and move.then is not None and 1 <= number <= len(view.questions):
        return view.questions[number - 1].code
    return None


def edited(context: Context, view: ReportView, code: str) -> Reply:
    """Offer an edited message as a correction of the question `code` that it had answered."""
    question = view.question(code)
    if question is None or not view.writable:
        return show_report(context, view)
    move = _move_for(context, view, code)
    if move.does != "give":
        return show_report(context, view, (Feedback("edit_not_understood", code),))
    move = replace(_confirmed(move, "edited"), code=code)
    return _answering(correct(context, view, move, "edit"), view, code)


def attached(context: Context, view: ReportView, code: str | None) -> Reply:
    """Store a photo or file as evidence of the question that its sender saw, if it needs some."""
    item, question = context.incoming.attachment, view.question(code)
    if item is None or not view.writable:
        return show_report(context, view)
    if view.place.screen == "difficulty" and code == view.place.code:
        return _photo_of_difficulty(context, view, item)
    if question is None or not question.wants_evidence:
        asked = view.place.screen not in {"summary", "home", "gaps", "rest"}
        why_not = "evidence_not_wanted" if asked else "evidence_asked_nothing"
        why_not = "unsupported" if item.is_recording else why_not
        offered = paper_sheet.offer_at_question(context, view, item)
        says = (Feedback(why_not, code), *_caption_notice(context))
        return show_report(context, view, says, extra=(offered,) if offered is not None else ())
    why = refusal(item) or no_room(context, view.round.id, item.size or 0)
    if why is not None:
        return show_report(
            context, view, (Feedback(f"evidence_{why}", question.code), *_caption_notice(context))
        )
    warned = view.place.screen == "evidence" or evidence.gave_any(context.tx, context.person.id)
    keep_attachment(context, view.report, question.code, item)
    noted = Feedback("evidence_noted", question.code)
    first = () if warned else (Feedback("evidence_first"),)
    return _again(context, view, noted, *first, *_caption_notice(context))


def _caption_notice(context: Context) -> tuple[Feedback, ...]:
    """Return a notice for a photo's caption, which is not read as an answer."""
    return (Feedback("words_with_it"),) if context.incoming.text.strip() else ()


def _take_link(context: Context, view: ReportView, link: str) -> Reply:
    code = view.place.code or ""
    if full := no_room(context, view.round.id, 0):
        return show_report(context, view, (Feedback(f"evidence_{full}", code),))
    evidence.add_link(context.tx, view.report, code, link, **context.authorship)
    return _again(context, view, Feedback("evidence_noted", code))


def drop_evidence(context: Context, view: ReportView) -> Reply:
    """Delete the last piece of evidence of the present question."""
    code = view.place.code or ""
    pieces = [e for e in evidence.evidence_of(context.tx, view.report.id) if e.indicator == code]
    if pieces:
        evidence.remove(context.tx, pieces[-1].id, **context.authorship)
    return _again(context, view, Feedback("evidence_dropped", code))


def _photo_of_difficulty(context: Context, view: ReportView, item: Attachment) -> Reply:
    """Store a photo of a difficulty, sent with its sentence or before it."""
    if item.kind != "photo":
        return show_report(context, view, above=context.texts.say("difficulties.photo_only"))
    place = replace(view.place, photo=item.reference)
    after = moved(context, view, place)
    if context.incoming.text.strip():
        return take_difficulty(context, after, context.incoming.text)
    return show_report(context, after, above=context.texts.say("difficulties.photo_first"))


def raise_difficulty(
    context: Context, unit: Unit, round_: Round | None, text: str, photo: str | None,
    indicator: str | None = None,
) -> int:  # fmt: skip
    """Store a difficulty, and tell the commune's officers with a button to it; return its id."""
    difficulty_id = difficulties.raise_difficulty(
        context.tx, commune_id=unit.commune_id, round_id=round_.id if round_ else None,
        unit_id=unit.id, indicator=indicator, text=text.strip()[:_LONGEST_DIFFICULTY],
        photo=photo, **context.authorship,
    )  # fmt: skip
    see = ("difficulties.button.see", "d.one", difficulty_id)
    quoted = " ".join(text.split())[:_QUOTED]
    tell_officers(context, unit.id, "told.difficulty", see, text=quoted)
    return difficulty_id


def no_difficulty(text: str) -> Literal["leave", "again"] | None:
    """Return how a text is a command instead of a difficulty: it leaves, or asks again; or None."""
    reading = read(text, "yes_no")
    if reading.outcome != "command" or reading.reply:
        return None
    if reading.command in {"back", "cancel", "skip", "done", "send"}:
        return "leave"
    return "again" if reading.command in {"difficulty", "help"} else None


def _typed_difficulty(context: Context, view: ReportView, text: str) -> Reply:
    match no_difficulty(text):
        case "leave":
            return apply(context, view, Move("back"), "text")
        case "again":
            return show_report(context, view)
        case None:
            return take_difficulty(context, view, text)


def take_difficulty(context: Context, view: ReportView, text: str) -> Reply:
    """Store a difficulty with the photo sent before it, and ask the question again."""
    place = view.place
    raise_difficulty(context, view.unit, view.round, text, place.photo, place.code)
    said = Feedback("difficulty_noted", place.code)
    return show_report(context, moved(context, view, after_difficulty(place)), (said,))


def _again(context: Context, view: ReportView, *said: Feedback) -> Reply:
    return show_report(context, moved(context, view, view.place, pieces_too=True), said)
