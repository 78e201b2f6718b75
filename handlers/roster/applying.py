"""Doing what a plan says, in one transaction; the new invitations' codes are given once."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from handlers.roster.plan import Plan
from storage import invitations, places, roster
from storage.invitations import Invitation
from storage.roster import FigureChange, Held

VALID_FOR = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation with its code, which can't be had again."""

    invitation: Invitation
    code: str


@dataclass(frozen=True, slots=True)
class Applied:
    """What was done."""

    invitations: tuple[NewInvitation, ...]


def apply(
    tx: Connection, plan: Plan, now: datetime, *, valid_for: timedelta = VALID_FOR
) -> Applied:
    """Carry the plan out. It must have been made in this transaction, or on the same state."""
    roster.add_communes(
        tx,
        [{"code": c.code, "name": c.name, "group_name": c.group} for c in plan.new_communes],
    )
    held = roster.everything(tx)
    for commune in plan.communes:
        roster.change_commune(tx, held.communes[commune.code].id, dict(commune.values))
    roster.add_areas(
        tx,
        [
            {"commune_id": held.communes[a.commune].id, "code": a.code, **a.values}
            for a in plan.new_areas
        ],
    )
    if plan.new_areas:
        held = roster.everything(tx)
    for area in plan.areas:
        roster.change_area(tx, _unit(held, area.commune, area.code), dict(area.values))
    roster.change_figures(
        tx,
        [FigureChange(_unit(held, f.commune, f.unit), f.kind, f.old, f.new) for f in plan.figures],
        now,
    )
    for merger in plan.successors:
        after = [_unit(held, merger.commune, code) for code in merger.new]
        places.set_successors(tx, _unit(held, merger.commune, merger.code), after)
    return Applied(tuple(_invite(tx, plan, held, now, valid_for)))


def _unit(held: Held, commune: str, code: str) -> int:
    return held.units[held.communes[commune].id, code].id


def _invite(
    tx: Connection, plan: Plan, held: Held, now: datetime, valid_for: timedelta
) -> list[NewInvitation]:
    made = []
    for one in plan.invites:
        commune = held.communes[one.commune].id if one.commune is not None else None
        unit = None
        if one.commune is not None and one.area is not None:
            unit = _unit(held, one.commune, one.area)
        made.append(
            NewInvitation(
                *invitations.create_invitation(
                    tx,
                    one.role,
                    now=now,
                    expires_at=now + valid_for,
                    uses=one.uses,
                    commune_id=commune,
                    unit_id=unit,
                    group_name=one.group,
                    label=one.label,
                    way="import",
                )
            )
        )
    return made
