"""Reviewing reports: the list, one report with the last period's answers, and accepting."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from criteria.answers import Ratio
from criteria.conversation import Question
from criteria.percent import percent_text
from handlers.flow.arguments import Checksum, Number
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command, phrase
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, Route, action, screen
from handlers.report.view import ReportView
from handlers.report.wording import counts_text, value_text
from handlers.review.cases import (
    MARKS,
    Reviewed,
    RoundUnderReview,
    checksum,
    marks_of,
    marks_of_report,
    signs,
    waiting,
)
from handlers.rounds.criteria_sets import round_names, round_text
from handlers.texts import Html, Texts, plain
from storage.places import places
from storage.reports import reports
from storage.reports.reports import Report
from storage.results.unchanged import unchanged, unchanged_in
from storage.rounds import rounds
from storage.rounds.rounds import Round

_PAGE = 3  # reports; with all other buttons there are eight
_IN_ROW = 4
_IN_GRID = 24  # all questions of a usual set
_ROUNDS = 5  # a page
_LONGEST_NAMES = 600
_WORDS = frozenset({"duyet", "review"})


@phrase()
def named(context: Context, text: str) -> Next | None:
    """Return the list of reports, for the typed word "duyệt" and the caption "Duyệt (3)"."""
    word, _, count = plain(text).partition(" ")
    matches = word in _WORDS and (not count or count.isdecimal())
    return review_command(context, "") if matches else None


@command("duyet", "review", place=50, menu=OFFICER.holds, refused="manage.not_officer")
def review_command(context: Context, text: str) -> Next | None:
    """Return the list of the one open round, else the choice of a round; None for others."""
    if not context.office_communes:
        return None
    found = rounds_to_review(context)
    return Next(waiting_list.at(found[0]) if len(found) == 1 else which_round.at())


def rounds_to_review(context: Context) -> list[Round]:
    """Return the open rounds of the officer's communes."""
    return [
        round_
        for commune_id in context.office_communes
        for round_ in rounds.open_rounds(context.tx, commune_id, context.now)
    ]


@screen("v.which", right=OFFICER)
def which_round(context: Context) -> Screen:
    """Ask for one of several open rounds."""
    named = _named_rounds(context)
    page = ScreenBuilder(context).say("status.which_round" if named else "review.no_round")
    page.listed(
        named, lambda one: Button(one[0], waiting_list.data(one[1])), which_round, size=_ROUNDS
    )
    return page.button("button.status", to("s.home")).screen()


@which_round.text
def take_round(context: Context, text: str) -> Next | None:
    """Open the round with the typed name, with or without the commune's name."""
    wanted = plain(text)
    same = [
        one
        for name, one in _named_rounds(context)
        if wanted in {plain(name), plain(name.partition(" · ")[2]), plain(one.name)}
    ]
    return Next(waiting_list.at(same[0])) if len(same) == 1 else None


def _named_rounds(context: Context) -> list[tuple[str, Round]]:
    """Return the open rounds with unique names that begin with the commune's."""
    found = rounds_to_review(context)
    names = round_names(found, context.texts.language)
    communes = {one: places.commune(context.tx, one).name for one in context.office_communes}
    return [(f"{communes[one.commune_id]} · {names[one.id]}", one) for one in found]


@screen("v.list", right=OFFICER)
def waiting_list(context: Context, round: RoundUnderReview) -> Screen:
    """Show the reports that wait for review, the oldest first, with their marks."""
    texts, cases = context.texts, waiting(context, round)
    key = "review.list.ask" if cases else "review.list.none"
    if not cases and not any(one.sends for one in _reports_of_areas(context, round)):
        key = "review.list.nothing_sent"
    page = ScreenBuilder(context).say(key, round=round_text(round, context.texts), count=len(cases))
    if cases:
        page.line()
    shown = [view for _, view in page.paged(cases, _PAGE)]
    for view in shown:
        page.line(_list_line(context, view))
        label = f"{texts.unit(view.unit)} {signs(marks_of_report(view))}".strip()
        page.row(Button(label, one_report.data(view)))
    _add_legend(page, {mark for view in shown for mark in marks_of_report(view)}, texts)
    _add_returned(page, context, round.id)
    page.turned(waiting_list, round)
    if unmarked := [view for view in cases if not marks_of_report(view)]:
        if unchanged_line := _unchanged_among(context, unmarked):
            page.line("", unchanged_line)
        page.button("review.button.all", accept_all.at(round), count=len(unmarked))
    return page.row(
        button(texts, "review.button.behalf", "v.help", round.id),
        button(texts, "button.status", "s.home"),
    ).screen()


def _unchanged_among(context: Context, views: Sequence[ReportView]) -> str:
    """Return a sentence on the reports whose answers are the same as in the last period.

    Such reports have no mark, so an officer who accepts all at once would not notice it.
    """
    texts, counts = context.texts, unchanged_in(context.tx, [view.id for view in views])
    names = (
        texts.say(
            "review.list.kept",
            unit=texts.unit(view.unit),
            same=counts[view.id],
            count=len(view.questions),
        )
        for view in views
        if view.id in counts
    )
    shown = texts.listed(names, most=_LONGEST_NAMES)
    return texts.say("review.list.unchanged", names=shown) if shown else ""


def _reports_of_areas(context: Context, round_: Round) -> list[Report]:
    areas = {one.id for one in rounds.units_of_round(context.tx, round_.id) if not one.office}
    found = reports.reports_of_round(context.tx, round_.id).values()
    return [one for one in found if one.unit_id in areas]


def _list_line(context: Context, view: ReportView) -> str:
    texts = context.texts
    key = "review.list.line_late" if view.report.late else "review.list.line"
    line = texts.say(key, unit=texts.unit(view.unit), when=_sent_at(context, view))
    return f"{line} {signs(marks_of_report(view))}".strip()


def _sent_at(context: Context, view: ReportView) -> str:
    return context.texts.time(view.report.sent_at or context.now, context.deployment.zone)


def _add_returned(page: ScreenBuilder, context: Context, round_id: int) -> None:
    """Add the areas whose report was returned and is not sent again."""
    there = reports.reports_of_round(context.tx, round_id).values()
    found = [one for one in there if one.state == "returned"]
    if found:
        units = {one.id: one for one in rounds.units_of_round(context.tx, round_id)}
        names = ", ".join(context.texts.unit(units[one.unit_id]) for one in found)
        page.line().say("review.list.returned", names=names)


def _add_legend(
    page: ScreenBuilder, there: set[str], texts: Texts, *, office: bool = False
) -> None:
    legend = [f"{MARKS[one]} {texts.say(f'review.mark.{one}')}" for one in MARKS if one in there]
    if office:
        legend.append(texts.say("review.behalf.legend"))
    if legend:
        page.line("", " · ".join(legend))


@action("v.all", right=OFFICER)
def accept_all(context: Context, round: RoundUnderReview) -> Next:
    """Accept all waiting reports without a mark."""
    unmarked = [view for view in waiting(context, round) if not marks_of_report(view)]
    open_ = [view.report for view in unmarked if view.writable]
    reports.accept_reports(context.tx, open_, **context.authorship)
    done = context.texts.say("review.accepted_all", count=len(unmarked))
    if unchanged_line := _unchanged_among(context, unmarked):
        done = Html(f"{done}\n{unchanged_line}")
    return Next(waiting_list.at(round), done)


# --- one report -----------------------------------------------------------------------------------


@screen("v.one", right=OFFICER)
def one_report(context: Context, view: Reviewed) -> Screen:
    """Show every answer next to the last period's, the marks, and the possible actions."""
    return report_screen(context, view)


def not_now(context: Context, view: ReportView) -> Screen:
    """Return the report's screen with the message that the action isn't possible any more."""
    shown = report_screen(context, view)
    return Screen(f"{context.texts.say('toast.not_now')}\n\n{shown.text}", shown.rows)


def report_screen(context: Context, view: ReportView) -> Screen:
    """Return the screen of one report for the officer."""
    texts, state = context.texts, view.report.state
    page = ScreenBuilder(context).say(
        "review.one.ask", unit=texts.unit(view.unit), round=round_text(view.round, texts)
    )
    page.say(f"review.state.{state}", when=_sent_at(context, view)).line()
    page.line(*answer_lines(view, texts))
    if same := len(unchanged(context.tx, view.id)):
        page.say("table.unchanged", same=same, count=len(view.questions))
    entered = any(answer.office is not None for answer in view.answers.values())
    _add_legend(page, set(marks_of_report(view)), texts, office=entered)
    if view.writable and view.report.is_in:
        row = [button(texts, "review.button.return", "v.ret", view.id)]
        if state == "sent":
            row.insert(0, accept.button(texts, "review.button.accept", view, checksum(view)))
        page.row(*row)
    if view.writable:
        row = [button(texts, "review.button.correct", "v.fix", view.id)]
        if any("total" in marks_of(view, q) for q in view.questions):
            row.append(button(texts, "review.button.total", "v.tot", view.id))
        page.row(*row)
    if count := sum(count for count, _ in view.evidence.values()):
        page.button("review.button.evidence", to("v.evid", view.id), count=count)
    if view.writable:
        return page.button("review.button.list", waiting_list.at(view.round)).screen()
    return page.button("button.status", to("s.home")).screen()


@action("v.ok", right=OFFICER)
def accept(context: Context, view: Reviewed, seen: Checksum) -> Next:
    """Accept the report; show it again if it has changed since it was shown."""
    texts = context.texts
    key = None
    if not view.writable:
        key = "review.closed"
    elif view.report.state != "sent":
        key = f"review.not_sent_{view.report.state}"
    elif seen != checksum(view):
        key = "review.changed_since"
    if key is not None:
        return Next(one_report.at(view), texts.say(key))
    reports.accept_report(context.tx, view.report, **context.authorship)
    done = texts.say("review.accepted", unit=texts.unit(view.unit))
    return Next(waiting_list.at(view.round), done)


def answer_lines(view: ReportView, texts: Texts, chosen: int | None = None) -> list[str]:
    """Return all answers, numbered; with `chosen` (bits by order) a tick before the chosen ones."""
    lines: list[str] = []
    for index, question in enumerate(view.questions):
        tick = "" if chosen is None else ("☑ " if chosen >> index & 1 else "▫️ ")
        lines.append(tick + _answer_line(view, question, index + 1, texts))
        if chosen is None:
            lines += pending_lines(view, question, texts)
    return lines


def _answer_line(view: ReportView, question: Question, number: int, texts: Texts) -> str:
    indicator, answer = view.indicator(question.code), view.answers.get(question.code)
    if question.answer is not None:
        value: str = value_text(question.answer, texts, indicator)
    else:
        value = texts.say("summary.unknown" if question.unknown else "summary.missing")
    line: str = texts.say(
        "review.line",
        number=number,
        short=texts.short(view.indicator(question.code)),
        value=Html(value),
    )
    if question.last is not None and question.last != question.answer:
        line += " " + texts.say("review.last", value=counts_text(question.last, texts))
    line += " 📎" * bool(view.pieces(question.code))
    line += " ☎️" * (answer is not None and answer.office is not None)
    return f"{line} {signs(marks_of(view, question))}".rstrip()


def pending_lines(view: ReportView, question: Question, texts: Texts) -> list[str]:
    """Return the share of the commune's own total, where the area gave another."""
    answer = view.answers.get(question.code)
    if answer is None or answer.commune_total is None or not isinstance(question.answer, Ratio):
        return []
    total = answer.commune_total
    if question.answer.numerator > total or not total:
        return [texts.say("review.pending_less", total=total)]
    threshold = view.indicator(question.code).threshold
    percent = percent_text(question.answer.numerator, total, threshold, texts.language)
    return [texts.say("review.pending", total=total, percent=percent)]


def add_numbers(
    page: ScreenBuilder, items: Sequence[Button], route: Route[...], *arguments: object
) -> None:
    """Add small buttons as one grid; a set with very many questions has pages."""
    page.grid([one for _, one in page.paged(items, _IN_GRID)], _IN_ROW).turned(route, *arguments)


# --- undoing an acceptance ------------------------------------------------------------------------


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@action("v.undo", right=OFFICER)
def take_back(context: Context, round: RoundUnderReview, instant: Number) -> Next:
    """Undo this person's acceptances of that moment; the reports wait for review again."""
    when = _EPOCH + timedelta(microseconds=instant)
    found = reports.accepted_at(context.tx, round.id, context.person.id, when)
    open_ = rounds.open_units(context.tx, round, context.now)
    accepted = [one for one in found if one.unit_id in open_]
    for one in accepted:
        reports.take_back_acceptance(context.tx, one, **context.authorship)
    key = "review.taken_back" if accepted else "review.taken_back_none"
    return Next(waiting_list.at(round), context.texts.say(key, count=len(accepted)))


def way_back(context: Context, round_: Round) -> Press | None:
    """Return the address that undoes this person's acceptances of this moment; None without any."""
    if not reports.accepted_at(context.tx, round_.id, context.person.id, context.now):
        return None
    return take_back.at(round_, (context.now - _EPOCH) // timedelta(microseconds=1))
