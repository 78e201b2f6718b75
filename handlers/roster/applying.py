"""Applies a plan in one transaction; the codes of new invitations are returned only once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection

from handlers.areas.changing import change_figures
from handlers.roster.plan import (
    AreaEdit,
    CommuneEdit,
    FigureEdit,
    Invite,
    NewArea,
    NewCommune,
    RosterPlan,
)
from handlers.roster.rows import Progress
from storage.people import invitations
from storage.people.invitations import Invitation, InvitationRequest
from storage.people.short_codes import ShortCodes, grouped
from storage.places import roster
from storage.places.roster import AreaChange, Author, FigureChange

VALID_FOR = timedelta(days=60)
_AT_ONCE = 2000  # rows between two calls of the progress
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its codes, which are not stored."""

    invitation: Invitation
    code: str
    short_code: str


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of applying a plan."""

    invitations: tuple[NewInvitation, ...]


def apply(
    tx: Connection,
    plan: RosterPlan,
    now: datetime,
    short_codes: ShortCodes,
    *,
    author: Author = roster.IMPORT,
    progress: Progress = lambda _done, _all: None,
) -> Applied:
    """Apply the plan. It must have been made in this transaction, or on the same data."""
    work = _Applying(tx, now, author, progress, sum(plan.counts.values()))
    work.add_communes(plan.new_communes)
    work.change_communes(plan.communes)
    work.add_areas(plan.new_areas)
    work.change_areas(plan.areas)
    work.change_figures(plan.figures)
    for merger in plan.successors:
        after = [work.unit(merger.commune, code) for code in merger.new]
        roster.set_successors(tx, work.unit(merger.commune, merger.code), after, now, author)
    return Applied(tuple(work.invite(plan.invites, short_codes)))


class _Applying:
    """Applies the parts of a plan in order, and reports the progress after each."""

    def __init__(
        self, tx: Connection, now: datetime, author: Author, progress: Progress, whole: int
    ) -> None:
        self._tx = tx
        self._now = now
        self._author = author
        self._progress = progress
        self._whole = whole
        self._done = 0
        self._roster = roster.roster_data(tx)

    def unit(self, commune: str, code: str) -> int:
        return self._roster.units[self._roster.communes[commune].id, code].id

    def add_communes(self, some: Sequence[NewCommune]) -> None:
        rows = [{"code": c.code, "name": c.name, "group_name": c.group} for c in some]
        roster.add_communes(self._tx, rows)
        self._reload(len(some))

    def change_communes(self, some: Sequence[CommuneEdit]) -> None:
        for part in self._parts(some):
            for one in part:
                commune_id = self._roster.communes[one.code].id
                roster.change_commune(self._tx, commune_id, dict(one.values))

    def add_areas(self, some: Sequence[NewArea]) -> None:
        communes = self._roster.communes
        rows = [{"commune_id": communes[a.commune].id, "code": a.code, **a.values} for a in some]
        roster.add_areas(self._tx, rows, self._now, self._author)
        self._reload(len(some))

    def change_areas(self, some: Sequence[AreaEdit]) -> None:
        changes = [
            AreaChange(
                self.unit(one.commune, one.code),
                {name: one.before[name] for name in one.values},
                one.values,
            )
            for one in some
        ]
        for part in self._parts(changes):
            roster.change_areas(self._tx, part, self._now, self._author)

    def change_figures(self, some: Sequence[FigureEdit]) -> None:
        changes = [
            FigureChange(self.unit(one.commune, one.unit), one.kind, one.old, one.new)
            for one in some
        ]
        for part in self._parts(changes):
            change_figures(self._tx, part, self._now, self._author)

    def invite(self, some: Sequence[Invite], short_codes: ShortCodes) -> Iterator[NewInvitation]:
        wanted = [
            InvitationRequest(
                one.role,
                self._roster.communes[one.commune].id if one.commune is not None else None,
                self.unit(one.commune, one.area) if one.commune and one.area else None,
                one.group,
                one.label,
                one.uses,
            )
            for one in some
        ]
        until = self._now + VALID_FOR
        for part in self._parts(wanted):
            created = invitations.create_invitations(
                self._tx, part, now=self._now, expires_at=until, way="import"
            )
            short = short_codes.give(self._tx, [invitation.id for invitation, _ in created])
            for (invitation, code), typed in zip(created, short, strict=True):
                yield NewInvitation(invitation, code, grouped(typed))

    def _reload(self, added: int) -> None:
        """Read the ids of the added rows."""
        if added:
            self._roster = roster.roster_data(self._tx)
            self._report(added)

    def _parts(self, some: Sequence[T]) -> Iterator[Sequence[T]]:
        for start in range(0, len(some), _AT_ONCE):
            part = some[start : start + _AT_ONCE]
            yield part
            self._report(len(part))

    def _report(self, more: int) -> None:
        self._done += more
        self._progress(self._done, self._whole)
