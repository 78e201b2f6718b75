"""A report that an officer enters for an area, and the area's reply ("Đúng" / "Sai")."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated

from criteria.conversation import Place
from handlers.flow.arguments import Number, Text, by_id
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import phrase
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import Press
from handlers.flow.rights import REPORTER
from handlers.flow.routes import action
from handlers.messages.notifications import OnBehalf, tell_officers, tell_reporters
from handlers.report.screens import receipts
from handlers.report.screens.screen import show_report
from handlers.report.view import ReportView, load_view
from handlers.report.wording import value_text
from handlers.rounds.criteria_sets import round_text
from handlers.texts import Texts, plain
from storage.conversations import conversations
from storage.places import places
from storage.places.places import Unit
from storage.reports import on_behalf, reports
from storage.reports.reports import Report
from storage.rounds import rounds

_RIGHT, _WRONG = frozenset({"dung", "dung roi", "right"}), frozenset({"sai", "wrong"})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def sent(context: Context, view: ReportView) -> Reply:
    """Show the officer's receipt, and ask the area's reporters whether the report is right."""
    count = ask_area(context, view)
    reply = receipts.sent(context, view)
    key = "review.behalf.asked" if count else "review.behalf.nobody"
    text = f"{reply.shown[0].screen.text}\n\n{context.texts.say(key, count=count)}"
    rows = (
        (button(context.texts, "review.button", "v.list", view.round.id),),
        (button(context.texts, "button.status", "st"),),
    )
    purpose = f"behalf:{view.report.id}"
    shown = replace(reply.shown[0], screen=Screen(text, rows), purpose=purpose)
    return replace(reply, shown=(shown,))


def ask_area(context: Context, view: ReportView) -> int:
    """Ask the area's reporters about all answers of the office; return how many are asked."""

    def screen(texts: Texts, unit: str) -> Screen:
        lines: list[str] = [
            texts.say("review.behalf.ask", unit=unit, round=round_text(view.round, texts)),
            "",
        ]
        for place, question in enumerate(view.questions, 1):
            answer = view.answers.get(question.code)
            if answer is None or answer.office != "entered" or answer.value is None:
                continue
            indicator = view.indicator(question.code)
            short = texts.short(indicator)
            value = value_text(answer.value, texts, indicator)
            lines.append(texts.say("review.plain_line", number=place, short=short, value=value))
        return Screen("\n".join(lines), right_or_wrong(texts, view.report.id, context.now))

    # They have just been on the telephone.
    return tell_reporters(context, view.unit, OnBehalf, screen)


def right_or_wrong(
    texts: Texts, report_id: int, asked_at: datetime, code: str = ""
) -> tuple[tuple[Button, ...], ...]:
    """Return the two buttons about the office's answers until `asked_at`: one, or all."""
    here = (report_id, _instant(asked_at), code)
    return (
        (
            right.button(texts, "review.button.right", *here),
            wrong.button(texts, "review.button.wrong", *here),
        ),
    )


AreaReport = Annotated[
    Report, by_id(reports.report_by_id, lambda context, one: one.unit_id in context.areas)
]


@action("obyes", right=REPORTER)
def right(context: Context, report: AreaReport, asked_at: Number, code: Text) -> Reply:
    """Store that the area confirms the office's answers."""
    refused = _area_says(context, report, asked_at, code, right=True)
    return _reply(context, report, refused or "review.behalf.right")


@action("obno", right=REPORTER)
def wrong(context: Context, report: AreaReport, asked_at: Number, code: Text) -> Reply:
    """Store that the area rejects the answers, tell the officers and ask the question again."""
    refused = _area_says(context, report, asked_at, code, right=False)
    if refused is not None:
        return _reply(context, report, refused)
    tell_officers(
        context, report.unit_id, "told.behalf_wrong", ("review.button", "v.one", report.id),
        round=rounds.known_round(context.tx, report.round_id),
    )  # fmt: skip
    place = Place("ask", code, back_to="summary") if code else Place("summary")
    revision = conversations.save_place(
        context.tx, context.person.id, report.id, place.to_json(), context.now
    )
    view = load_view(
        context.tx, report, context.person.id, context.memberships, place, revision, context.done_at
    )
    note = _reply_about(context, report, view.unit, "review.behalf.wrong").shown[0]
    return show_report(context, view, extra=(note,))


def _area_says(
    context: Context, report: Report, asked_at: int, code: str, *, right: bool
) -> str | None:
    """Store the area's reply; return the key of the refusal if it is too late, else None."""
    round_ = rounds.known_round(context.tx, report.round_id)
    if not rounds.is_open(context.tx, round_, report.unit_id, context.now):
        return "review.behalf.closed"
    stored = on_behalf.store_area_confirmation(
        context.tx, report, right=right, indicator=code or None,
        asked_at=_EPOCH + timedelta(microseconds=asked_at), **context.authorship,
    )  # fmt: skip
    return None if stored else "review.behalf.over"


def waits(context: Context, report: Report, code: str | None) -> bool:
    """Return whether answers of the office (or this one) wait for the area's reply."""
    if report.unit_id not in context.areas:
        return False
    found = reports.answers_of(context.tx, report.id).values()
    return any(one.office == "entered" and code in {None, one.indicator} for one in found)


@phrase(at_rest=True)
def typed(context: Context, text: str) -> Press | None:
    """Return the address for a typed "đúng" or "sai", if a report of the person's areas waits."""
    words = plain(text)
    route = right if words in _RIGHT else wrong if words in _WRONG else None
    if route is None:
        return None
    for unit_id in context.areas:
        commune_id = places.unit(context.tx, unit_id).commune_id
        for round_ in rounds.open_rounds(context.tx, commune_id, context.now):
            report = reports.report_of(context.tx, round_.id, unit_id)
            if report is not None and report.sends and waits(context, report, None):
                return route.at(report, _instant(context.now))
    return None


def _instant(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)


def _reply(context: Context, report: Report, key: str) -> Reply:
    """Show a sentence instead of the question, with a button to the report."""
    return _reply_about(context, report, places.unit(context.tx, report.unit_id), key)


def _reply_about(context: Context, report: Report, unit: Unit, key: str) -> Reply:
    """Do the same as `_reply`, with the unit that was read before."""
    said = context.texts.unit(unit)
    page = (
        ScreenBuilder(context)
        .say(key, unit=said)
        .button("button.correct", to("sum", report.id, "", 0))
    )
    return context.shows(page.screen())
