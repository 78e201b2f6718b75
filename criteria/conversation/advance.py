"""Decide what a move does. A refused move returns a sentence to show and never raises."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from criteria.conversation.answering import ON_QUESTION
from criteria.conversation.moves import Move
from criteria.conversation.next_question import REST, SUMMARY, find, go_back, index_of, next_open
from criteria.conversation.place import Place, Question
from criteria.conversation.step import Feedback, Put, Send, Step, Undo


def begin(questions: Sequence[Question], place: Place | None = None) -> Place:
    """Return the place of the first open question, or of the summary when no question is open."""
    return next_open(place or Place(), questions, after=None)


def advance(
    place: Place, questions: Sequence[Question], move: Move, last_change: str | None = None
) -> Step:
    """Return the step that `move` makes from `place`.

    `last_change` is the code of the question that this person changed last. The command "hoàn tác"
    (undo) needs it.
    """
    step = add_sending(place, questions, _advance(place, questions, move, last_change))
    unanswered: list[Feedback] = []
    if _drops_pending(place, move, step):
        unanswered = [Feedback("not_kept", place.code, place.pending)]
    if step.place.code is None:
        unanswered += [
            Feedback("not_kept", one.code, one.pending) for one in place.waiting if one.pending
        ]
    return replace(step, feedback=(*step.feedback, *unanswered)) if unanswered else step


def add_sending(place: Place, questions: Sequence[Question], step: Step) -> Step:
    """Add the sending that "gửi luôn" (send at once) requested, when no open question is left."""
    given = {change.code: change.value for change in step.changes if isinstance(change, Put)}
    if not (place.sends and given and step.place.screen == SUMMARY):
        return step
    left = [q for q in questions if (q.open or q.unknown) and given.get(q.code) is None]
    if left:
        return replace(step, place=Place("gaps"))
    return replace(step, changes=(*step.changes, Send()))


def _drops_pending(place: Place, move: Move, step: Step) -> bool:
    """Return whether the move leaves an open confirmation unanswered; a sentence mentions it."""
    if place.screen != "confirm" or place.pending is None:
        return False
    if step.place.screen == "confirm" and step.place.code == place.code:
        return False
    return move.does not in _REPLIES or move.code not in {None, place.code}


def _advance(
    place: Place, questions: Sequence[Question], move: Move, last_change: str | None
) -> Step:
    if move.does == "undo":
        return _undo(place, questions, last_change)
    if move.does == "edit":
        return _edit(place, questions, move)
    if move.code is not None and move.code != place.code:
        return _about_another_question(place, questions, move)
    handler = _ON_ANY_SCREEN.get(move.does)
    if handler is not None:
        return handler(place, questions, move)
    question = find(questions, place.code)
    if question is None:
        return Step(place, feedback=(Feedback("choose_first"),))
    return ON_QUESTION[move.does](place, questions, question, move)


def _undo(place: Place, questions: Sequence[Question], last_change: str | None) -> Step:
    if last_change is None or find(questions, last_change) is None:
        return Step(place, feedback=(Feedback("nothing_to_undo"),))
    target = place
    if place.screen != SUMMARY and place.screen != "home":
        keep = place.code if place.code != last_change else place.back_to
        target = replace(place.at(last_change), back_to=keep)
    return Step(target, (Undo(last_change),), (Feedback("undone", last_change),))


def _edit(place: Place, questions: Sequence[Question], move: Move) -> Step:
    number = move.number or 0
    if not 1 <= number <= len(questions):
        return Step(place, feedback=(Feedback("no_such_question", count=len(questions)),))
    target = questions[number - 1]
    moved = _moved_to(place, target)
    if move.then is None or move.then.does == "edit":
        return Step(moved)
    return advance(moved, questions, move.then)


def after_difficulty(place: Place) -> Place:
    """Return the place where the difficulty was raised: question, evening or summary."""
    if place.code is not None:
        return place.at(place.code)
    return Place(REST, later=place.later, alone=True) if place.alone else place.to_summary()


def _about_another_question(place: Place, questions: Sequence[Question], move: Move) -> Step:
    """Handle a move about another question than that of the place.

    A confirmation can interrupt an open question (`back_to`). Example: HT2 is open, the person
    corrects HT1, and the place becomes the confirmation of HT1 with `back_to` HT2. An answer to HT2
    that was typed before the confirmation was seen is stored. Then the confirmation of HT1 is asked
    again, with `back_to` HT3. If HT2 itself needs a further question, that one is asked instead.
    """
    if place.screen != "confirm" or move.code is None or move.code != place.back_to:
        return _correct(place, questions, move)
    step = advance(place.at(move.code), questions, replace(move, code=None))
    following = step.place
    if following.screen not in {"ask", SUMMARY, REST} or following.code == move.code:
        return step
    back_to = following.code or following.screen
    return replace(step, place=replace(place, back_to=back_to, later=following.later))


def _correct(place: Place, questions: Sequence[Question], move: Move) -> Step:
    """Handle a move about another question that comes from an old button, a reply or an edit.

    The present question stays open. Example: HT3 is open, and the person replies "40" to the
    message of HT1. If HT1 has no answer, 40 is stored and HT3 stays the place. If 45 is stored,
    the place becomes the confirmation of 40, and HT3 is asked again after it (`back_to`).
    """
    target = find(questions, move.code)
    if target is None:
        return Step(place, feedback=(Feedback("question_gone"),))
    moved = _moved_to(place, target)
    if place.code not in {None, target.code} and place.screen != "confirm":
        moved = replace(moved, back_to=place.code)
    if move.does == "give" and move.value is not None and move.value == target.answer:
        return Step(place, feedback=(Feedback("already", target.code, target.answer),))
    here = replace(move, code=None)
    if move.does == "give" and target.answer is not None and not move.sure:
        here = replace(here, clear=False, reason=move.reason or "correction")
    step = advance(moved, questions, here)
    stays = bool(step.changes) and place.screen != "confirm" and place.code is not None
    return replace(step, place=place) if stays else step


def _moved_to(place: Place, target: Question) -> Place:
    came_from = place.back_to or place.code or _RETURN_SCREENS.get(place.screen)
    return replace(place.at(target.code), back_to=came_from if came_from != target.code else None)


def _summary(place: Place, questions: Sequence[Question], move: Move) -> Step:
    if place.screen == "confirm":
        return Step(place, feedback=(Feedback("confirm_first", place.code),))
    return Step(place.to_summary())


def _send(place: Place, questions: Sequence[Question], move: Move) -> Step:
    if place.screen == "confirm":
        return _summary(place, questions, move)
    if all(q.answer is None and not q.unknown for q in questions):
        return Step(place.to_summary(), feedback=(Feedback("nothing_answered"),))
    if place.screen == "gaps":
        return Step(place.to_summary(), (Send(),))
    if place.screen != SUMMARY:
        return _summary(place, questions, move)
    if any(q.open or q.unknown for q in questions):
        return Step(Place("gaps"))
    return Step(place, (Send(),))


def _back(place: Place, questions: Sequence[Question], move: Move) -> Step:
    if place.screen == "gaps":
        return Step(place.to_summary())
    if place.screen == SUMMARY:
        return Step(Place("ask", questions[-1].code))
    if place.screen == "difficulty":
        return Step(after_difficulty(place))
    if place.screen != "ask":
        return Step(place.at(place.code) if place.code else place.to_summary())
    if place.back_to is not None:
        return Step(go_back(place, questions))
    index = index_of(questions, place.code)
    if index == 0:
        return Step(place, feedback=(Feedback("first_question"),))
    return Step(place.at(questions[index - 1].code))


def _cancel(place: Place, questions: Sequence[Question], move: Move) -> Step:
    if place.screen in {"ask", SUMMARY, REST, "home"}:
        following = go_back(place, questions) if place.back_to else place
        return Step(following, feedback=(Feedback("nothing_deleted"),))
    return _back(place, questions, move)


def _resume(place: Place, questions: Sequence[Question], move: Move) -> Step:
    return Step(begin(questions, replace(place, alone=False)))


def _difficulty(place: Place, questions: Sequence[Question], move: Move) -> Step:
    return Step(place.on("difficulty"))


# Moves that reply to a confirmation.
_REPLIES = frozenset({"yes", "no", "give", "unclear", "same", "unknown", "none"})
# The place to which a correction returns when it began without an open question.
_RETURN_SCREENS = {SUMMARY: SUMMARY, "gaps": SUMMARY, REST: REST}
_OnAnyScreen = Callable[[Place, Sequence[Question], Move], Step]
_ON_ANY_SCREEN: dict[str, _OnAnyScreen] = {
    "done": _summary,
    "send": _send,
    "back": _back,
    "cancel": _cancel,
    "resume": _resume,
    "difficulty": _difficulty,
    "help": lambda place, _questions, _move: Step(place, feedback=(Feedback("help"),)),
}
