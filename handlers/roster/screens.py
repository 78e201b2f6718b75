"""Screens for a roster sent as a file: preview the changes or list the problems, then apply.

Officers change their own communes; operators change the communes that they run.
"""

import hashlib
import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Annotated

from handlers.flow.arguments import Text, by_id
from handlers.flow.channel import Enclosure, GeneratedDocument, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Next, action, screen
from handlers.operator.communes import operated, operates_everything
from handlers.roster.applying import NewInvitation, apply
from handlers.roster.cell_values import CellProblem
from handlers.roster.cells import from_json
from handlers.roster.invitation_list import Letter, can_be_written, letters_workbook
from handlers.roster.plan import Invite, RosterPlan, Wording
from handlers.roster.planning import plan_records
from handlers.roster.rows import Problems, Records, read_cells
from handlers.texts import Html, without_tags
from storage.places import roster, workbooks
from storage.places.places import Commune
from storage.places.roster import Author
from storage.places.workbooks import Workbook

MOST_IN_MESSAGES = 60  # more invitations come as a file; their codes are shown once
_LINES_PAGE = 8
_LETTERS_AT_ONCE = 15
_LONGEST_LINE = 250
Invited = Sequence[tuple[Invite, NewInvitation]]  # as the workbook says it, and what was made

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
    if _too_many(context, plan):
        return page.say("workbook.too_many", most=MOST_IN_MESSAGES).home().screen()
    if _as_file(plan):
        page.say("workbook.list.comes", count=len(plan.invites))
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
    if plan.empty or _too_many(context, plan):
        return Next(dry_run.at(workbook))
    wording = _wording(context, plan)
    count = sum(1 for _ in wording.lines(plan))
    applied = apply(
        context.tx, plan, context.now, context.deployment.short_codes,
        author=Author("file", context.person.id),
    )  # fmt: skip
    workbooks.drop(context.tx, [workbook.id])
    done = context.texts.say("workbook.applied", count=count)
    invited = tuple(zip(plan.invites, applied.invitations, strict=True))
    if _as_file(plan):
        made = context.texts.say("workbook.list.made", count=len(invited))
        done = Html(f"{done}\n{made}")
        return Next(to("home"), done, enclosures=(_list(context, wording, invited),))
    return Next(to("home"), done, first=_letters(context, wording, invited))


def _as_file(plan: RosterPlan) -> bool:
    """Return whether the new invitations are too many for messages and come as a file."""
    return len(plan.invites) > MOST_IN_MESSAGES


def _too_many(context: Context, plan: RosterPlan) -> bool:
    """Return whether so many codes cannot be shown to this person."""
    return _as_file(plan) and not (context.takes_documents and can_be_written())


def _list(context: Context, wording: Wording, invited: Invited) -> Enclosure:
    """Return the file with a row for each new invitation; it is written after the commit."""
    letters = tuple(
        Letter(
            wording.where(invite), wording.role_of(invite), invite.uses, _link(context, made),
            made.short_code, made.invitation.expires_at,
        )
        for invite, made in invited
    )  # fmt: skip
    language, zone = context.texts.language, context.deployment.zone
    write = partial(letters_workbook, letters, zone, language)
    caption = context.texts.say("workbook.list.caption")
    return Enclosure("file", caption, making=GeneratedDocument("thu-moi.xlsx", write, language))


def _link(context: Context, made: NewInvitation) -> str:
    username = context.deployment.bot_username
    return f"https://t.me/{username}?start={made.code}" if username else ""


def _letters(context: Context, wording: Wording, invited: Invited) -> tuple[Shown, ...]:
    """Return the new invitations with their links, in as few messages as possible."""
    lines = [
        context.texts.say(
            "workbook.letter" if context.deployment.bot_username else "workbook.letter_code",
            place=wording.place_of(invite),
            link=_link(context, made),
            code=made.short_code,
        )
        for invite, made in invited
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
