"""From a desk to what is shown: the right screen, the sentences around it, where it goes."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.conversation import Place, Said
from handlers.asked import of_report
from handlers.channel import Button, Reply, Screen, Shown
from handlers.presses import pack
from handlers.reporting.desk import Desk
from handlers.reporting.question_screens import question_screen
from handlers.reporting.summary_screens import (
    gaps_screen,
    general_difficulty_screen,
    rest_screen,
    summary_screen,
)
from handlers.reporting.wording import value_text, with_how
from handlers.texts import Html, Texts
from handlers.turn import Turn
from storage import conversations, people

# What was done is told below the question; what went wrong stands above it.
_ECHOES = frozenset(
    {
        "noted",
        "noted_total",
        "noted_unknown",
        "later",
        "left_open",
        "undone",
        "kept",
        "already",
        "total_taken",
        "difficulty_noted",
        "evidence_noted",
        "evidence_first",
        "evidence_dropped",
        "sent_correction",
        "how_houses",
        "how_books",
        "how_estimate",
    }
)
# After these the person's last change can be taken back at once.
_UNDOABLE = frozenset({"noted", "noted_total", "noted_unknown"})


def desk_screen(tx: Connection, desk: Desk, texts: Texts, zone: ZoneInfo, now: datetime) -> Screen:
    """The present screen of a desk."""
    if not desk.writable or desk.place.screen in {"summary", "home"}:
        return summary_screen(desk, texts)
    if desk.place.screen == "rest" and any(q.open for q in desk.questions):
        return rest_screen(desk, texts, zone, now)
    if desk.place.screen == "gaps":
        return gaps_screen(desk, texts)
    if desk.question(desk.place.code) is None:
        if desk.place.screen == "difficulty":
            return general_difficulty_screen(desk, texts)
        return summary_screen(desk, texts)
    name, when = _giver(tx, desk, texts, zone)
    return question_screen(desk, texts, name, when)


def _giver(
    tx: Connection, desk: Desk, texts: Texts, zone: ZoneInfo
) -> tuple[str | None, str | None]:
    answer = desk.answers.get(desk.place.code or "")
    if answer is None:
        return None, None
    person = people.person(tx, answer.given_by) if answer.given_by is not None else None
    if answer.office is not None:
        return texts.say("review.behalf.giver"), texts.time(answer.given_at, zone)
    name = person.name if person is not None and person.name else texts.say("somebody")
    return name, texts.time(answer.given_at, zone)


def with_says(screen: Screen, desk: Desk, says: Sequence[Said], texts: Texts) -> Screen:
    """The screen with the sentences of a step: refusals first, echoes last."""
    above, below = said_around(desk, says, texts)
    return Screen(f"{above}{screen.text}{below}", screen.rows)


def said_around(desk: Desk, says: Sequence[Said], texts: Texts) -> tuple[str, str]:
    """What stands above and below a question: the refusals, and the echoes."""
    refusals = [_sentence(desk, s, texts) for s in says if s.reason not in _ECHOES]
    echoes = [_sentence(desk, s, texts) for s in says if s.reason in _ECHOES]
    above = "".join(f"{line}\n\n" for line in refusals)
    return above, "".join(f"\n\n{line}" for line in echoes)


def _sentence(desk: Desk, said: Said, texts: Texts) -> Html:
    question = desk.question(said.code)
    indicator = desk.indicator(question.code) if question is not None else None
    value, key = said.value, f"say.{said.reason}"
    if said.reason == "undone":
        # What stands again is known only after it was restored.
        value = question.answer if question is not None else None
        key = "say.undone" if value is not None else "say.undone_empty"
    standing = desk.answers.get(said.code or "")
    how = standing.how if standing is not None and standing.value == value else None
    shown = value_text(value, texts, indicator) if value is not None else Html("—")
    if not said.reason.startswith("how_"):
        shown = with_how(shown, how, texts)
    return texts.say(
        key if texts.has(key) else "say.not_understood",
        number=desk.number_of(said.code),
        value=shown,
        count=said.count if said.count is not None else "—",
        total=said.total if said.total is not None else "—",
        short=indicator.text(texts.language).short if indicator else "",
    )


def shown_question(turn: Turn, screen: Screen, desk: Desk) -> Shown:
    """The screen as the person's one present question.

    After a press on it the message is changed in place; after anything else a new message comes
    and the buttons of the one before are taken away.
    """
    before = conversations.shown_message(turn.tx, turn.person.id, "question")
    pressed = turn.incoming.message if turn.incoming.kind == "press" else None
    edit = pressed if pressed is not None and pressed == before else None
    return Shown(
        screen,
        edit=edit,
        purpose="question",
        revision=desk.revision,
        strip=None if edit is not None else before,
        asks=asks_of(desk, screen),
    )


def asks_of(desk: Desk, screen: Screen) -> str:
    """What a desk's present screen asks, as it is kept with its message."""
    place = desk.place if desk.writable else Place("summary")
    question = desk.question(place.code)
    return of_report(desk.report.id, place, question, desk.revision, screen).to_json()


def _with_undo(
    desk: Desk, rows: tuple[tuple[Button, ...], ...], undo: Button
) -> tuple[tuple[Button, ...], ...]:
    """The rows with the undo button: beside a last button that stands alone below a question."""
    if desk.place.screen == "ask" and rows and len(rows[-1]) == 1:
        return (*rows[:-1], (*rows[-1], undo))
    return (*rows, (undo,))


def show_desk(
    turn: Turn,
    desk: Desk,
    says: Sequence[Said] = (),
    toast: str | None = None,
    above: str | None = None,
    extra: Sequence[Shown] = (),
) -> Reply:
    """The desk's present screen as the reply, with what is to be said."""
    screen = desk_screen(turn.tx, desk, turn.texts, turn.house.zone, turn.now)
    screen = with_says(screen, desk, says, turn.texts)
    if desk.writable and any(said.reason in _UNDOABLE for said in says):
        undo = Button(
            turn.texts.say("button.undo"), pack("undo", desk.report.id, "", desk.revision)
        )
        screen = Screen(screen.text, _with_undo(desk, screen.rows, undo))
    if above is not None:
        screen = Screen(f"{above}\n\n{screen.text}", screen.rows)
    shown = shown_question(turn, screen, desk)
    said = (*([above] if above else []), *(_sentence(desk, one, turn.texts) for one in says))
    return Reply((*extra, shown), toast=toast, person=turn.person.id, says=said)
