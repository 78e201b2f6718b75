"""The overview of a commune, the main screen of `/status`: its text, buttons and plain text."""

from html import escape
from zoneinfo import ZoneInfo

from criteria.scoring import Verdict
from handlers.exports.formats import formats_for
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import Rows, ScreenBuilder, button, in_rows
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.status.files import make_button
from handlers.status.lines import (
    deadline_line,
    indicator_line,
    reports_lines,
    to_overview,
    totals_line,
)
from handlers.status.loading import RoundStatus, runs
from handlers.status.view import MOST_NAMED, RoundProgress, StatusView, awaited, names_of
from handlers.texts import Html, Texts, cut_at_line, without_tags

_MOST_BUTTONS = 7
LONGEST = 2000
_SHORTEST_LIST = 60
# The longest sentence around a list of names, with its "… và 3 khu nữa" (and 3 more areas).
_AROUND_NAMES = 100


@page("s.full", right=READER)
def whole_commune(context: Context, status: RoundStatus) -> Screen:
    """Show round, days left, reports in, verdicts by group, and missing reports."""
    texts, zone = context.texts, context.deployment.zone
    body = ScreenBuilder(context)
    body.say("status.title", commune=status.commune.name, round=status.round_title(texts))
    body.line(deadline_line(status, texts, zone), "", *reports_lines(status, texts), "")
    body.line(totals_line(status, texts))
    if status.last is not None:
        body.say("status.last_time", met=status.last.met, total=status.last.total)
    if (at_deadline := status.at_deadline) is not None:
        body.say(
            "status.at_deadline",
            deadline=texts.day(status.round.deadline, zone),
            met=at_deadline["met"],
            total=at_deadline["total"],
            done=at_deadline["reports"]["in"],
            expected=at_deadline["reports"]["expected"],
        )
    officer = status.commune.id in context.office_communes
    body.line("", *_groups(status, texts), "", *_missing(status, texts, officer=officer))
    if status.difficulties:
        body.say("status.difficulties", count=status.difficulties)
    if status.word_outdated is not None:
        body.say("status.changed_since_word", day=texts.day(status.word_outdated, zone))
    body.say("status.as_of", when=texts.time(status.as_of, zone))
    return body.rows(overview_rows(context, status)).screen()


def _groups(status: StatusView, texts: Texts) -> list[str]:
    lines: list[str] = []
    names = {group.code: group.name.text(texts.language) for group in status.criteria.groups}
    for group in status.result.groups:
        members = [one for one in status.result.indicators if one.group == group.code]
        if not members:
            continue
        name = names[group.code]
        lines.append(texts.say("status.group", name=name, met=group.met, total=group.total))
        lines += [indicator_line(status, one, texts) for one in members]
    certain = {Verdict.MET, Verdict.NOT_MET}
    if any(one.by_totals and one.verdict in certain for one in status.result.indicators):
        lines.append(texts.say("status.by_totals"))
    return lines


def _missing(status: StatusView, texts: Texts, *, officer: bool) -> list[Html]:
    """Return lines on missing reports; for an officer also on areas without reporters."""

    def line(key: str, units: tuple[int, ...]) -> Html:
        return texts.say(key, count=len(units), names=names_of(status, units, texts))

    lines = [line(key, units) for key, units in awaited(status)]
    if not lines and status.areas:
        lines.append(texts.say("status.all_in"))
    if officer and status.unjoined:
        lines.append(line("status.unjoined", status.unjoined))
    return lines


# --- the buttons ----------------------------------------------------------------------------------


def overview_rows(context: Context, standing: RoundProgress) -> Rows:
    """Return the seven most important buttons and the one to the others."""
    further = more.button(context.texts, "status.button.more", standing.id)
    return in_rows([*all_buttons(context, standing)[:_MOST_BUTTONS], further], 2)


@page("s.more", right=READER)
def more(context: Context, status: RoundStatus) -> Screen:
    """Show the buttons that the overview has no room for."""
    title = status.round_title(context.texts)
    body = ScreenBuilder(context).say("status.more", commune=status.commune.name, round=title)
    body.grid(all_buttons(context, status)[_MOST_BUTTONS:], 2)
    return body.row(to_overview(status, context.texts)).screen()


def _to_areas(standing: RoundProgress, texts: Texts) -> Button:
    """Return the button to all missing areas if the screen can't name them, else to all areas."""
    left = len(standing.areas_missing) - MOST_NAMED
    if left > 0:
        return button(texts, "status.button.missing", "s.late", standing.id, count=left)
    return button(texts, "status.button.areas", "s.areas", standing.id)


def all_buttons(context: Context, standing: RoundProgress) -> list[Button]:
    """Return all buttons, ordered by how often they are used in a meeting."""
    texts, here = context.texts, standing.id
    leads = standing.commune.id in context.communes_read
    officer = standing.commune.id in context.office_communes
    late = len(standing.areas) - standing.areas_in
    waiting = sum(standing.state_of(unit) == "sent" for unit in standing.areas)
    first_file, *files = (make_button(context, here, one) for one in formats_for(everything=False))
    found = [
        first_file,
        _to_areas(standing, texts),
        button(texts, "status.button.actions", "s.todo", here),
    ]
    if leads and late and not standing.closed:
        found.append(button(texts, "nudge.button", "r.nudge", here, count=late))
    if officer and standing.areas and not standing.closed:
        key = "review.button_count" if waiting else "review.button"
        found.append(button(texts, key, "v.list", here, count=waiting))
    if leads and standing.difficulties:
        key, count = "status.button.difficulties", standing.difficulties
        found.append(button(texts, key, "d.list", standing.commune.id, count=count))
    found += files
    if context.operator or len(context.communes_read) > 1:
        found.append(button(texts, "status.button.communes", "s.all"))
    if len(standing.areas_missing) > MOST_NAMED:
        found.append(button(texts, "status.button.areas", "s.areas", here))
    found += [
        button(texts, "status.button.copy", "s.copy", here),
        button(texts, "status.button.indicators", "s.inds", here),
        button(texts, "status.button.why", "s.why", here),
    ]
    if context.areas:
        found.append(button(texts, "status.button.own", "s.own"))
    if runs(context, standing.commune.id):
        found.append(button(texts, "status.button.files", "s.files", here))
    return [*found, button(texts, "button.home", "home")]


@page("s.copy", right=READER, edits=False)
def copied(context: Context, status: RoundStatus) -> Screen:
    """Show the plain text as a new message, so that it can be copied or forwarded."""
    text = plain_text(status, context.texts, context.deployment.zone)
    body = ScreenBuilder(context).line(escape(text, quote=False))
    return body.row(to_overview(status, context.texts)).screen()


def plain_text(status: StatusView, texts: Texts, zone: ZoneInfo) -> str:
    """Return the result and the missing reports as plain text of at most 2,000 characters."""
    head = [
        texts.say(
            "status.copy.title",
            commune=status.commune.name.upper(),
            round=status.round_title(texts),
        ),
        deadline_line(status, texts, zone),
        reports_lines(status, texts)[0],
        totals_line(status, texts),
        "",
        *(indicator_line(status, one, texts) for one in status.result.indicators),
    ]
    if any(one.by_totals for one in status.result.indicators):
        head.append(texts.say("status.by_totals"))
    tail = [texts.say("status.as_of", when=texts.time(status.as_of, zone))]
    plain = [without_tags(line) for line in head]
    end = [without_tags(line) for line in tail]
    plain += [""] * bool(awaited(status))
    for key, units in awaited(status):
        used = sum(len(line) + 1 for line in (*plain, *end))
        room = max(_SHORTEST_LIST, LONGEST - used - _AROUND_NAMES)
        names = texts.listed((status.name(u, texts) for u in units), most=room)
        plain.append(without_tags(texts.say(key, count=len(units), names=names)))
    return cut_at_line("\n".join([*plain, *end]), LONGEST)
