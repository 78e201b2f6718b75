"""The present screen of a report, the sentences above it, and the message that shows it."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.conversation import Feedback, Place
from handlers.flow.asked_screen import of_report
from handlers.flow.channel import Button, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.press import pack
from handlers.report.screens.one_message import offer
from handlers.report.screens.question_screens import question_screen
from handlers.report.screens.summary_screens import (
    closed_screen,
    gaps_screen,
    general_difficulty_screen,
    rest_screen,
    summary_screen,
)
from handlers.report.view import ReportView
from handlers.report.wording import example_of, value_text, with_how
from handlers.texts import Html, Texts
from storage.conversations import conversations
from storage.people import people
from storage.results.unchanged import may_keep_all
from storage.rounds import rounds
from storage.rounds.rounds import Round

# Sentences on changes come before refusals.
_ECHOES = frozenset(
    {
        "noted", "noted_total", "noted_unknown", "noted_table", "later", "left_open", "undone",
        "kept", "already",
        "total_taken", "difficulty_noted", "evidence_noted", "evidence_first", "evidence_dropped",
        "sent_correction", "how_houses", "how_books", "how_estimate",
    }
)  # fmt: skip
# After these there is a button to undo the person's last change.
_UNDOABLE = frozenset({"noted", "noted_total", "noted_unknown"})

_SAME = pack("same")  # the beginning of the data of "🔁 Như kỳ trước"


def report_screen(
    tx: Connection, view: ReportView, texts: Texts, zone: ZoneInfo, now: datetime
) -> Screen:
    """Return the present screen of a report."""
    if not view.writable:
        return closed_screen(view, texts, _following(tx, view, now))
    if view.place.screen in {"summary", "home"}:
        return summary_screen(view, texts)
    if view.place.screen == "rest" and any(q.open for q in view.questions):
        return rest_screen(view, texts, zone, now)
    if view.place.screen == "gaps":
        return gaps_screen(view, texts)
    if view.question(view.place.code) is None:
        if view.place.screen == "difficulty":
            return general_difficulty_screen(view, texts)
        return summary_screen(view, texts)
    name, when = _giver(tx, view, texts, zone)
    screen = question_screen(view, texts, name, when)
    if not texts.buttons and _begins(view):
        above = (
            f"{offer(view.criteria, view.questions, texts)}\n\n{texts.say('one_message.or_ask')}"
        )
        screen = Screen(f"{above}\n{screen.text}", screen.rows)
    if not _is_untouched(view) or not may_keep_all(tx, view.round, view.unit.id, view.report.id):
        return screen
    keep = Button(texts.say("table.button.keep_all"), pack("wr.same", view.report.id))
    below = 1 + next(
        (n for n, row in enumerate(screen.rows) if (row[0].data or "").startswith(_SAME)), -1
    )
    return Screen(screen.text, (*screen.rows[:below], (keep,), *screen.rows[below:]))


def _is_untouched(view: ReportView) -> bool:
    """Return whether a report is at its first question and all earlier values are known."""
    return _begins(view) and all(q.last is not None for q in view.questions)


def _begins(view: ReportView) -> bool:
    """Return whether the first question of a report without any answer is asked."""
    place, first = view.place, view.questions[0].code
    asked = place.screen == "ask" and place.code == first and not place.alone
    return asked and all(q.answer is None and not (q.unknown or q.returned) for q in view.questions)


def _following(tx: Connection, view: ReportView, now: datetime) -> Round | None:
    """Return the open round of the unit after the closed one; None without one."""
    found = rounds.open_rounds(tx, view.unit.commune_id, now)
    same_set = sorted(found, key=lambda one: one.criteria_id != view.round.criteria_id)
    return next((one for one in same_set if rounds.is_open(tx, one, view.unit.id, now)), None)


def _giver(
    tx: Connection, view: ReportView, texts: Texts, zone: ZoneInfo
) -> tuple[str | None, str | None]:
    answer = view.answers.get(view.place.code or "")
    if answer is None:
        return None, None
    person = people.person(tx, answer.given_by) if answer.given_by is not None else None
    if answer.office is not None:
        return texts.say("review.behalf.giver"), texts.time(answer.given_at, zone)
    name = person.name if person is not None and person.name else texts.say("somebody")
    if answer.given_by is None:  # the person is forgotten
        name = texts.say("erased")
    return name, texts.time(answer.given_at, zone)


def sentences_above(view: ReportView, says: Sequence[Feedback], texts: Texts) -> str:
    """Return the sentences above a question: first those on changes, then the refusals."""
    return _in_order([(one, _sentence(view, one, texts)) for one in says])


def _in_order(sentences: Sequence[tuple[Feedback, Html]]) -> str:
    in_order = sorted(sentences, key=lambda one: one[0].reason not in _ECHOES)
    return "".join(f"{sentence}\n\n" for _, sentence in in_order)


def _sentence(view: ReportView, said: Feedback, texts: Texts) -> Html:
    question = view.question(said.code)
    indicator = view.indicator(question.code) if question is not None else None
    value, key = said.value, f"say.{said.reason}"
    if said.reason == "undone":
        # The restored answer is known only now.
        value = question.answer if question is not None else None
        key = "say.undone" if value is not None else "say.undone_empty"
    standing = view.answers.get(said.code or "")
    how = standing.how if standing is not None and standing.value == value else None
    shown = value_text(value, texts, indicator) if value is not None else Html("—")
    if not said.reason.startswith("how_"):
        shown = with_how(shown, how, texts)
    key = key if texts.has(key) else "say.not_understood"
    if view.unit.office and texts.has(f"{key}_office"):
        key = f"{key}_office"
    total = said.total if said.total is not None else question.total if question else None
    return texts.say(
        key,
        unit=(indicator.text(texts.language).unit if indicator else None) or texts.say("unit.any"),
        example=example_of(indicator, total, texts) if indicator else "350/400",
        total_example=f"{total}/{total}" if total else "400/400",
        number=view.number_of(said.code),
        value=shown,
        count=said.count if said.count is not None else "—",
        total=said.total if said.total is not None else "—",
        short=texts.short(indicator) if indicator else "",
    )


def shown_question(context: Context, screen: Screen, view: ReportView) -> Shown:
    """Return the screen as the person's one present question.

    A press on that message edits it. After other input it is a new message, and the buttons of the
    earlier one are removed.
    """
    before = conversations.shown_message(context.tx, context.person.id, context.bot, "question")
    edit = before if context.pressed_on == before else None
    return Shown(
        screen,
        edit=edit,
        purpose="question",
        revision=view.revision,
        remove_keyboard=None if edit is not None else before,
        asks=asks_of(view, screen),
    )


def asks_of(view: ReportView, screen: Screen) -> str:
    """Return the ask of a report's present screen in its stored form."""
    place = view.place if view.writable else Place("summary")
    question = view.question(place.code)
    return of_report(view.report.id, place, question, view.revision, screen).to_json()


def _with_undo(
    view: ReportView, rows: tuple[tuple[Button, ...], ...], undo: Button
) -> tuple[tuple[Button, ...], ...]:
    """Return the rows with the undo button, next to a single last button below a question."""
    if view.place.screen == "ask" and rows and len(rows[-1]) == 1:
        return (*rows[:-1], (*rows[-1], undo))
    return (*rows, (undo,))


def show_report(
    context: Context,
    view: ReportView,
    says: Sequence[Feedback] = (),
    toast: str | None = None,
    above: str | None = None,
    extra: Sequence[Shown] = (),
) -> Reply:
    """Return the report's present screen as the reply, with the sentences above it."""
    screen = report_screen(context.tx, view, context.texts, context.deployment.zone, context.now)
    sentences = [(one, _sentence(view, one, context.texts)) for one in says]
    screen = Screen(f"{_in_order(sentences)}{screen.text}", screen.rows)
    if view.writable and any(said.reason in _UNDOABLE for said in says):
        undo = Button(
            context.texts.say("button.undo"), pack("undo", view.report.id, "", view.revision)
        )
        screen = Screen(screen.text, _with_undo(view, screen.rows, undo))
    if above is not None:
        screen = Screen(f"{above}\n\n{screen.text}", screen.rows)
    shown = shown_question(context, screen, view)
    said = (*([above] if above else []), *(sentence for _, sentence in sentences))
    return Reply((*extra, shown), toast=toast, person=context.person.id, says=said)
