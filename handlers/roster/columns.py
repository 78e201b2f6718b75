"""The sheets and columns of the roster workbook; their names are in the catalogues."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

from handlers.roster.cell_values import (
    Cell,
    RefusedError,
    Value,
    fold,
    read_code,
    read_codes,
    read_count,
    read_day,
    read_text,
    text_of,
)
from handlers.texts import LANGUAGES, texts_of
from storage.masking import PHONE

ROLES = ("reporter", "officer", "leader", "operator")
_MOST_USES = 500


@cache
def _names(key: str, language: str) -> list[str]:
    """Return the name to write, followed by its synonyms."""
    return texts_of(language).say(f"roster.{key}").split("|")


@cache
def _accepted(key: str) -> frozenset[str]:
    """Return all accepted forms of a name, in each language, without marks and case."""
    return frozenset(fold(name) for one in LANGUAGES for name in _names(key, one))


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """One column. `figure`: its numbers are figures of a unit, with the same key.

    `called` is its key in the catalogue, if that is another one.
    """

    key: str
    read: Callable[[Cell], Value]
    called: str = ""
    required: bool = False
    figure: bool = False
    clearable: bool = True
    width: int = 14

    @property
    def _name(self) -> str:
        return f"column_name.{self.called or self.key}"

    def name(self, language: str) -> str:
        """Return the column's name."""
        return _names(self._name, language)[0]

    @property
    def own_names(self) -> list[str]:
        """Its name in every language."""
        return [self.name(one) for one in LANGUAGES]

    def heading(self, language: str) -> str:
        """Return the heading, with a star when the column is required."""
        return self.name(language) + (" *" if self.required else "")

    @property
    def names(self) -> frozenset[str]:
        """All accepted forms of this column's heading."""
        return _accepted(self._name) | {fold(self.key)}


@dataclass(frozen=True, slots=True)
class RosterSheet:
    """One sheet of the roster workbook."""

    key: str
    columns: tuple[RosterColumn, ...]

    def title(self, language: str) -> str:
        """Return the sheet's name."""
        return _names(f"sheet_name.{self.key}", language)[0]

    @property
    def names(self) -> frozenset[str]:
        """All accepted forms of this sheet's name."""
        return _accepted(f"sheet_name.{self.key}") | {fold(self.key)}


def read_role(cell: Cell) -> str:
    """Read a role by any of its names; RefusedError for an unknown one."""
    name = fold(text_of(cell))
    for role in ROLES:
        if name in _accepted(f"role.{role}") | {role}:
            return role
    names = ", ".join(role_word(role, "vi") for role in ROLES)
    raise RefusedError("not_a_role", text=text_of(cell)[:30], roles=names)


def role_word(role: str, language: str) -> str:
    """Return the role's name in this language."""
    return _names(f"role.{role}", language)[0]


def read_label(cell: Cell) -> str:
    """Read a person's job, such as "Trưởng khu"; RefusedError for a telephone number."""
    text = read_text(cell)
    if PHONE.search(text):
        raise RefusedError("phone_number")
    return text


def read_uses(cell: Cell) -> int:
    """Read for how many people an invitation is."""
    uses = read_count(cell)
    if not 1 <= uses <= _MOST_USES:
        raise RefusedError("uses", uses=uses, most=_MOST_USES)
    return uses


_COMMUNE = RosterColumn("commune", read_text, clearable=False, width=20)

COMMUNES = RosterSheet(
    "communes",
    (
        RosterColumn("code", read_code, "commune_code", clearable=False),
        RosterColumn("name", read_text, "commune_name", required=True, clearable=False, width=24),
        RosterColumn("group", read_text),
        RosterColumn("commune_cadres", read_count, figure=True),
    ),
)

AREAS = RosterSheet(
    "areas",
    (
        replace(_COMMUNE, required=True, width=16),
        RosterColumn("code", read_code, "area_code", clearable=False, width=13),
        RosterColumn("label", read_text, "area_name", required=True, clearable=False, width=18),
        RosterColumn("number", read_count, width=6),
        RosterColumn("old_commune", read_text, width=16),
        RosterColumn("population", read_count, figure=True, width=9),
        RosterColumn("adults", read_count, figure=True, width=12),
        RosterColumn("working_age", read_count, figure=True, width=14),
        RosterColumn("area_cadres", read_count, figure=True, width=9),
        RosterColumn("service_businesses", read_count, figure=True, width=11),
        RosterColumn("valid_from", read_day, width=11),
        RosterColumn("valid_to", read_day, width=11),
        RosterColumn("successors", read_codes, width=14),
    ),
)

PEOPLE = RosterSheet(
    "people",
    (
        RosterColumn("role", read_role, required=True, clearable=False, width=18),
        _COMMUNE,
        RosterColumn("area", read_text, clearable=False, width=20),
        RosterColumn("group", read_text, clearable=False),
        RosterColumn("label", read_label, "job", clearable=False, width=22),
        RosterColumn("uses", read_uses, clearable=False),
    ),
)

SHEETS = (COMMUNES, AREAS, PEOPLE)
# Pasted rows: only figures of existing areas.
FIGURES = RosterSheet(
    "figures",
    (
        _COMMUNE,
        *(
            replace(one, required=False)
            for one in AREAS.columns
            if one.figure or one.key in {"code", "label", "number", "old_commune"}
        ),
    ),
)
