"""Finds the commune or area of a text by code, then by name, in workbook and database."""

import re
import unicodedata

from handlers.roster.cell_values import fold, slug
from storage.places.places import Unit
from storage.places.roster import RosterData

Found = str | tuple[str, ...]  # the code, or the codes of several that match


class PlaceNames:
    """The codes and names of workbook and database; the workbook's name of a code has priority."""

    def __init__(self, roster: RosterData) -> None:
        self._roster = roster
        self._code_of = {one.id: code for code, one in roster.communes.items()}
        self._id_of = {code: one.id for code, one in roster.communes.items()}
        self._communes = {code: one.name for code, one in roster.communes.items()}
        self._by_name: dict[str, set[str]] = {}
        for code, name in self._communes.items():
            self._name_commune(code, name)
        self._areas: dict[str, dict[str, None]] = {}
        self._area_names: dict[tuple[str, str], set[str]] = {}
        self._same_area: dict[tuple[str, str, str], str] = {}
        self._units = {unit.id: unit for unit in roster.units.values()}
        for unit in self._units.values():
            if not unit.office:
                commune = self._code_of[unit.commune_id]
                self._name_area(commune, unit.code, unit.label, unit.old_commune or "")
        self._same_commune: dict[str, str] = {}
        for code, name in self._communes.items():
            self._same_commune.setdefault(_exact(name), code)
        self._claimed: set[tuple[str, ...]] = set()
        self.groups = {one.group_name for one in roster.communes.values() if one.group_name}

    def claim_commune(self, code: str, name: str) -> bool:
        """Reserve a code for a row of the workbook; False when an earlier row has it."""
        if (code,) in self._claimed:
            return False
        self._claimed.add((code,))
        self._name_commune(code, name)
        self._communes[code] = name
        self._same_commune.setdefault(_exact(name), code)
        return True

    def claim_area(self, commune: str, code: str, label: str, old_commune: str) -> bool:
        """Reserve an area's code for a row of the workbook; False when an earlier row has it."""
        if (commune, code) in self._claimed:
            return False
        self._claimed.add((commune, code))
        self._name_area(commune, code, label, old_commune)
        return True

    def own_commune(self, code: str, name: str) -> str | None:
        """Return the code of a row: the given one, that of the same name, or one made of the name.

        None when the code made of the name is another commune's.
        """
        known = code or self._same_commune.get(_exact(name))
        from_name = slug(name)
        return known or (None if from_name in self._communes else from_name) or None

    def matching_areas(self, commune: str, label: str, old_commune: str) -> tuple[str, ...]:
        """Return the areas of the database that a row without code and old commune can mean.

        They have this label and an old commune, and haven't ended; () for other rows.
        """
        if old_commune or (commune, _exact(label), _exact("")) in self._same_area:
            return ()
        codes = self._area_names.get((commune, _exact(label)), set())
        units = ((code, self.stored_unit(commune, code)) for code in sorted(codes))
        return tuple(
            c
            for c, one in units
            if one and one.valid_to is None and _exact(one.label) == _exact(label)
        )

    def own_area(self, commune: str, code: str, label: str, old_commune: str) -> str | None:
        """Return the code of an area's row, like `own_commune`."""
        known = code or self._same_area.get((commune, _exact(label), _exact(old_commune)))
        matching = self.matching_areas(commune, label, old_commune)
        if not known and len(matching) == 1:
            return matching[0]
        from_name = slug(f"{label} {old_commune}")
        return known or (None if from_name in self._areas.get(commune, {}) else from_name) or None

    def commune(self, text: str) -> Found:
        """Return the commune that a text means; () when there is none."""
        if text in self._communes:
            return text
        for forms in (_exact_forms(text), _loose_forms(text)):
            codes = {code for form in forms for code in self._by_name.get(form, ())}
            if codes:
                return _one(codes)
        return ()

    def area(self, commune: str, text: str) -> Found:
        """Return the area of a commune that a text means; () when there is none."""
        if text in self._areas.get(commune, {}):
            return text
        for form in (_exact(text), fold(text)):
            codes = self._area_names.get((commune, form))
            if codes:
                return _one(codes)
        return ()

    def pasted(self, commune: str, text: str) -> Found:
        """Return the area of a pasted row, also by its number; an ended one as the last choice."""
        found = self.area(commune, text)
        codes = (found,) if isinstance(found, str) else found
        if not codes and text.isdecimal():
            units = ((one, self.stored_unit(commune, one)) for one in self._areas.get(commune, {}))
            codes = tuple(code for code, one in units if one and _number_of(one) == int(text))
        present = {one for one in codes if not self._ended(commune, one)}
        return _one(present or set(codes)) if codes else ()

    def communes_called(self, name: str, *, but: str) -> list[str]:
        """Return the codes of other communes that have exactly this name."""
        exact = _exact(name)
        return [c for c, other in self._communes.items() if c != but and _exact(other) == exact]

    def areas_called(self, commune: str, label: str, *, but: str) -> list[str]:
        """Return the codes of other areas with exactly this label that haven't ended."""
        codes = self._area_names.get((commune, _exact(label)), set()) - {but}
        return sorted(code for code in codes if not self._ended(commune, code))

    def _ended(self, commune: str, code: str) -> bool:
        unit = self.stored_unit(commune, code)
        return unit is not None and unit.valid_to is not None

    def stored_unit(self, commune: str, code: str) -> Unit | None:
        """Return the unit in the database; None when it isn't there."""
        commune_id = self._id_of.get(commune)
        return None if commune_id is None else self._roster.units.get((commune_id, code))

    def successors(self, commune: str, code: str) -> tuple[str, ...]:
        """Return the codes of the areas that replaced an area, by the database."""
        unit = self.stored_unit(commune, code)
        after = self._roster.successors.get(unit.id, frozenset()) if unit else frozenset()
        return tuple(sorted(self._units[one].code for one in after))

    def place_of(
        self, commune_id: int | None, unit_id: int | None
    ) -> tuple[str | None, str | None]:
        """Return the codes of an invitation's commune and area."""
        unit = self._units[unit_id] if unit_id is not None else None
        if unit is not None:
            commune_id = unit.commune_id
        commune = self._code_of[commune_id] if commune_id is not None else None
        return commune, unit.code if unit is not None else None

    def _name_commune(self, code: str, name: str) -> None:
        for form in {*_exact_forms(name), *_loose_forms(name), fold(code)}:
            self._by_name.setdefault(form, set()).add(code)

    def _name_area(self, commune: str, code: str, label: str, old_commune: str) -> None:
        self._areas.setdefault(commune, {})[code] = None
        self._same_area.setdefault((commune, _exact(label), _exact(old_commune)), code)
        full = f"{label} {old_commune}".strip()
        for name in {label, full}:
            for form in (_exact(name), fold(name)):
                self._area_names.setdefault((commune, form), set()).add(code)


def _number_of(unit: Unit) -> int | None:
    written = re.findall(r"\d+", unit.label)
    if unit.number is not None or len(written) != 1:
        return unit.number
    return int(written[0])


def _one(codes: set[str]) -> Found:
    return next(iter(codes)) if len(codes) == 1 else tuple(sorted(codes))


def _exact(text: str) -> str:
    """Return the text without case but with marks; its space differs from the folded forms."""
    return " " + " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _exact_forms(name: str) -> set[str]:
    plain = _exact(name).strip()
    return {f" {plain.removeprefix('xã ').removeprefix('phường ')}"}


def _loose_forms(name: str) -> set[str]:
    return {fold(name), fold(next(iter(_exact_forms(name))))}
