"""Finds communes, areas and rounds by typed text; a Failure lists the known ones."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.language import gettext as _

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.places.places import Commune, Unit
    from storage.rounds.rounds import Round


def commune_of(tx: "Connection", code: str) -> "Commune":
    """Return the commune with this code or name."""
    from storage.places import places

    found = places.commune_by(tx, code)
    if found is None:
        known = ", ".join(commune.code for commune in places.communes(tx)[:20]) or _("none yet")
        raise Failure(_("There is no commune {code!r}; known: {known}.", code=code, known=known))
    return found


def area_of(tx: "Connection", commune_id: int, text: str) -> "Unit":
    """Return the commune's area with this code or label."""
    from storage.places import places

    found = places.area_by(tx, commune_id, text)
    if found is None:
        known = ", ".join(area.code for area in places.units_of(tx, commune_id)[:60]) or _(
            "none yet"
        )
        raise Failure(
            _(
                "{text!r} is no one area of this commune; its codes: {known}.",
                text=text,
                known=known,
            )
        )
    return found


def rounds_of(
    tx: "Connection",
    commune: "Commune",
    text: str | None,
    present: datetime,
    at: datetime | None = None,
) -> "list[Round]":
    """Return the commune's rounds with this id or name; without a text those that /status shows.

    Rounds of several criteria sets may have the same name; of each set it returns the newest one.
    With `at` and without a text it returns the rounds that were open at that moment; if none was
    open, the last one before.
    """
    from handlers.status.loading import rounds_shown
    from storage.rounds import rounds

    if text is None and at is None:
        return list(rounds_shown(tx, commune.id, present))
    found = rounds.list_rounds(tx, commune.id)
    if text is None and at is not None:
        begun = [r for r in found if r.state in {"open", "closed"} and r.opens_at <= at]
        return [r for r in begun if at < r.closes_at] or begun[:1]
    by_id = [one for one in found if text == str(one.id)]
    by_name = {one.criteria_id: one for one in reversed(found) if _has_name(one, text or "")}
    if not by_id and not by_name:
        raise Failure(
            _(
                "{name} has no round {text!r}; `round list` shows them.",
                name=commune.name,
                text=text,
            )
        )
    return by_id or list(by_name.values())


def _has_name(one: "Round", text: str) -> bool:
    return one.name.casefold() == text.casefold()


def round_of(
    tx: "Connection", commune: "Commune", text: str | None, present: datetime
) -> "Round | None":
    """Return the one round with this id or name; None if the commune has no round.

    A Failure lists the ids if there are several.
    """
    from handlers.rounds.criteria_sets import set_of

    found = rounds_of(tx, commune, text, present)
    if len(found) > 1:
        named = ", ".join(f"{one.id} ({one.name}, {set_of(one).title.vi})" for one in found)
        raise Failure(
            _(
                "{name} has several rounds; give --round with an id: {named}.",
                name=commune.name,
                named=named,
            )
        )
    return found[0] if found else None


def check_one_choice(commune: str | None, group: str | None, *, everywhere: bool) -> None:
    """Raise a UsageError unless exactly one of --commune, --group and --all is given."""
    if sum((commune is not None, group is not None, everywhere)) != 1:
        raise click.UsageError(_("Give one of --commune, --group and --all."))


def communes_of(tx: "Connection", commune: str | None, group: str | None) -> "list[Commune]":
    """Return the one commune, the communes of a group, or all communes."""
    from storage.places import places

    if commune is not None:
        return [commune_of(tx, commune)]
    found = places.communes(tx, group)
    if not found:
        raise Failure(_("There are no communes in group {group!r}.", group=group) if group else
                      _("There are no communes yet; import a roster first."))  # fmt: skip
    return found
