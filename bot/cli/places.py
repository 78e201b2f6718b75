"""Finds communes and areas by what a person types, or says which there are."""

from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from storage.places import Commune, Unit


def commune_of(tx: "Connection", code: str) -> "Commune":
    """The commune with this code (or name)."""
    from storage import places

    found = places.commune_by(tx, code)
    if found is None:
        known = ", ".join(commune.code for commune in places.communes(tx)[:20]) or "none yet"
        raise Failure(f"There is no commune {code!r}; known: {known}.")
    return found


def area_of(tx: "Connection", commune_id: int, text: str) -> "Unit":
    """The commune's area with this code (or label)."""
    from storage import places

    found = places.area_by(tx, commune_id, text)
    if found is None:
        known = ", ".join(area.code for area in places.units_of(tx, commune_id)[:60]) or "none yet"
        raise Failure(f"{text!r} is no one area of this commune; its codes: {known}.")
    return found


def one_way_to_choose(commune: str | None, group: str | None, *, everywhere: bool) -> None:
    """Refuse anything but one of --commune, --group and --all."""
    if sum((commune is not None, group is not None, everywhere)) != 1:
        raise click.UsageError("Give one of --commune, --group and --all.")


def communes_of(tx: "Connection", commune: str | None, group: str | None) -> "list[Commune]":
    """The one commune, those of a group, or all of them."""
    from storage import places

    if commune is not None:
        return [commune_of(tx, commune)]
    found = places.communes(tx, group)
    if not found:
        raise Failure(f"There are no communes in group {group!r}." if group else
                      "There are no communes yet; import a roster first.")  # fmt: skip
    return found
