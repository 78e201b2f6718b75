"""Screens for a roster sent as a file: preview the changes or list the problems, then apply.

Officers change their own communes; operators change the communes that they run.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Annotated

from handlers.flow.arguments import Text, by_id
from handlers.flow.channel import Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Next, action, screen
from handlers.operator.communes import operated, operates_everything
from handlers.roster.applying import NewInvitation, apply
from handlers.roster.cell_values import CellProblem
from handlers.roster.cells import from_json
from handlers.roster.plan import RosterPlan, Wording
from handlers.roster.planning import plan_records
from handlers.roster.rows import Problems, Records, read_cells
from handlers.texts import Html, without_tags
from storage.places import roster, workbooks
from storage.places.places import Commune
from storage.places.roster import Author
from storage.places.workbooks import Workbook

MOST_INVITATIONS = 60  # their codes are shown only once, in messages
_LINES_PAGE = 8
_LETTERS_AT_ONCE = 15
_LONGEST_LINE = 250


# A file that this person has sent and that is read.
_own = by_id(
    workbooks.workbook,
    lambda context, one: one.person_id == context.person.id and one.cells is not None,
)

OwnWorkbook = Annotated[Workbook, _own]


def communes_changed(context: Context) -> Collection[int] | None:
    """Return the communes that the person may change; None for all communes and new ones."""
    if operates_everything(context):
        return None
    own: Sequence[Commune] = operated(context)
    return {*context.office_communes, *(one.id for one in own)}


def _records(one: Workbook) -> Records:
    return read_cells(from_json(json.loads(one.cells or "[]")))


def _planned(context: Context, records: Records) -> RosterPlan | Problems:
    return plan_records(records, context.tx, context.now, communes=communes_changed(context))


def _checksum(plan: RosterPlan) -> str:
    """Return the checksum of a plan, so that its button applies only that plan."""
    return hashlib.sha256(repr(plan).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Looked:
    """The changes that a file would make, as sentences; or its problems, and then no plan."""

    plan: RosterPlan | None
    problems: tuple[CellProblem, ...] = ()
    doubts: tuple[str, ...] = ()
    asides: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    figures: tuple[tuple[str, str, str, str], ...] = ()  # place, kind, old and new number


def looked_at(context: Context, workbook: Workbook) -> Looked:
    """Compare the file with the present data."""
    texts, records = context.texts, _records(workbook)
    plan = _planned(context, records)
    asides = tuple(one.text(texts) for one in records.left_aside)
    if isinstance(plan, Problems):
        return Looked(None, plan.problems, asides=asides)
    doubts = (texts.say("workbook.doubt", said=o.text(texts)) for o in plan.doubts)
    wording = _wording(context, plan)
    figures = tuple(wording.figure(one) for one in plan.figures)
    return Looked(plan, (), tuple(doubts), asides, tuple(wording.lines(plan)), figures)


@screen("b.look", right=OFFICER_OR_OPERATOR)
def dry_run(context: Context, workbook: OwnWorkbook) -> Screen:
    """Show a page of what would change, or every problem with its place."""
    found, page = looked_at(context, workbook), ScreenBuilder(context)
    plan = found.plan
    if plan is None:
        page.say("workbook.problems", count=len(found.problems))
        problems = (one.sentence(context.texts) for one in found.problems)
        return _paged(page, workbook, [*problems, *found.asides]).home().screen()
    if plan.empty:
        page.say("workbook.empty")
        return _paged(page, workbook, found.asides).home().screen()
    page.say("workbook.changes", count=len(found.changes))
    _paged(page, workbook, [*found.doubts, *found.asides, *found.changes])
    if len(plan.invites) > MOST_INVITATIONS:
        return page.say("workbook.too_many", most=MOST_INVITATIONS).home().screen()
    key = "workbook.button.apply_so" if plan.doubts else "workbook.button.apply"
    page.button(key, apply_it.at(workbook, _checksum(plan)))
    return page.button("workbook.button.drop", drop_it.at(workbook)).screen()


def _paged(page: ScreenBuilder, workbook: Workbook, lines: Sequence[str]) -> ScreenBuilder:
    for _, one in page.paged(lines, _LINES_PAGE):
        text = plain_line(one)
        if len(text) > _LONGEST_LINE:
            text = f"{text[: _LONGEST_LINE - 1]}…"
        page.say("workbook.line", said=text)
    return page.turned(dry_run, workbook)


def plain_line(line: str) -> str:
    """Return a line without HTML tags."""
    return without_tags(line) if isinstance(line, Html) else line


def _wording(context: Context, plan: RosterPlan) -> Wording:
    communes = communes_changed(context)
    several = communes is None or len(communes) > 1
    return Wording(roster.roster_data(context.tx), plan, context.texts, several=several)


@action("b.apply", right=OFFICER_OR_OPERATOR)
def apply_it(context: Context, workbook: OwnWorkbook, seen: Text) -> Next:
    """Apply the plan that was shown; show another plan first."""
    plan = _planned(context, _records(workbook))
    if isinstance(plan, Problems) or _checksum(plan) != seen:
        return Next(dry_run.at(workbook), context.texts.say("workbook.changed_since"))
    if plan.empty or len(plan.invites) > MOST_INVITATIONS:
        return Next(dry_run.at(workbook))
    wording = _wording(context, plan)
    count = sum(1 for _ in wording.lines(plan))
    applied = apply(
        context.tx, plan, context.now, context.deployment.short_codes,
        author=Author("file", context.person.id),
    )  # fmt: skip
    workbooks.drop(context.tx, [workbook.id])
    places = [wording.place_of(one) for one in plan.invites]
    letters = _letters(context, places, applied.invitations)
    return Next(to("home"), context.texts.say("workbook.applied", count=count), first=letters)


def _letters(
    context: Context, places: Sequence[str], created: Sequence[NewInvitation]
) -> tuple[Shown, ...]:
    """Return the new invitations with their links, in as few messages as possible."""
    username = context.deployment.bot_username
    lines = [
        context.texts.say(
            "workbook.letter" if username else "workbook.letter_code",
            place=place,
            link=f"https://t.me/{username}?start={one.code}",
            code=one.short_code,
        )
        for place, one in zip(places, created, strict=True)
    ]
    title = context.texts.say("workbook.letters")
    return tuple(
        Shown(Screen("\n".join([title, *lines[start : start + _LETTERS_AT_ONCE]])))
        for start in range(0, len(lines), _LETTERS_AT_ONCE)
    )


@action("b.drop", right=OFFICER_OR_OPERATOR)
def drop_it(context: Context, workbook: OwnWorkbook) -> Next:
    """Delete the file without applying it."""
    workbooks.drop(context.tx, [workbook.id])
    return Next(to("home"), context.texts.say("workbook.dropped"))
