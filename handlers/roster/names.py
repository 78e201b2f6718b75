"""Which commune or area a text means: by code, then by name, in the workbook and the database."""

import re
import unicodedata

from handlers.roster.cell_values import fold, slug
from storage.places.places import Unit
from storage.places.roster import RosterData

Found = str | tuple[str, ...]  # the code, or the codes between which nobody can choose


class Names:
    """The codes and names of both; what the workbook says of a code goes before what stood."""

    def __init__(self, held: RosterData) -> None:
        self._held = held
        self._code_of = {one.id: code for code, one in held.communes.items()}
        self._id_of = {code: one.id for code, one in held.communes.items()}
        self._communes = {code: one.name for code, one in held.communes.items()}
        self._by_name: dict[str, set[str]] = {}
        for code, name in self._communes.items():
            self._name_commune(code, name)
        self._areas: dict[str, dict[str, None]] = {}
        self._area_names: dict[tuple[str, str], set[str]] = {}
        self._same_area: dict[tuple[str, str, str], str] = {}
        self._units = {unit.id: unit for unit in held.units.values()}
        for unit in self._units.values():
            if not unit.office:
                commune = self._code_of[unit.commune_id]
                self._name_area(commune, unit.code, unit.label, unit.old_commune or "")
        self._same_commune: dict[str, str] = {}
        for code, name in self._communes.items():
            self._same_commune.setdefault(_exact(name), code)
        self._claimed: set[tuple[str, ...]] = set()
        self.groups = {one.group_name for one in held.communes.values() if one.group_name}

    def claim_commune(self, code: str, name: str) -> bool:
        """Take a code for a row of the workbook; False when an earlier row has it."""
        if (code,) in self._claimed:
            return False
        self._claimed.add((code,))
        self._name_commune(code, name)
        self._communes[code] = name
        self._same_commune.setdefault(_exact(name), code)
        return True

    def claim_area(self, commune: str, code: str, label: str, old_commune: str) -> bool:
        """The same for an area."""
        if (commune, code) in self._claimed:
            return False
        self._claimed.add((commune, code))
        self._name_area(commune, code, label, old_commune)
        return True

    def own_commune(self, code: str, name: str) -> str | None:
        """The code of a row: the one given, that of the same name, or one made of the name.

        None when the code made of the name is another commune's.
        """
        known = code or self._same_commune.get(_exact(name))
        made = slug(name)
        return known or (None if made in self._communes else made) or None

    def standing_areas(self, commune: str, label: str, old_commune: str) -> tuple[str, ...]:
        """The areas of the database that a row without a code and an old commune can mean.

        Those of this label that have an old commune each and haven't ended; none for other rows.
        """
        if old_commune or (commune, _exact(label), _exact("")) in self._same_area:
            return ()
        codes = self._area_names.get((commune, _exact(label)), set())
        held = ((code, self.held_unit(commune, code)) for code in sorted(codes))
        return tuple(
            c
            for c, one in held
            if one and one.valid_to is None and _exact(one.label) == _exact(label)
        )

    def own_area(self, commune: str, code: str, label: str, old_commune: str) -> str | None:
        """The same for an area."""
        known = code or self._same_area.get((commune, _exact(label), _exact(old_commune)))
        standing = self.standing_areas(commune, label, old_commune)
        if not known and len(standing) == 1:
            return standing[0]
        made = slug(f"{label} {old_commune}")
        return known or (None if made in self._areas.get(commune, {}) else made) or None

    def commune(self, text: str) -> Found:
        """The commune that is meant; () when there is none."""
        if text in self._communes:
            return text
        for forms in (_exact_forms(text), _loose_forms(text)):
            codes = {code for form in forms for code in self._by_name.get(form, ())}
            if codes:
                return _one(codes)
        return ()

    def area(self, commune: str, text: str) -> Found:
        """The area of a commune that is meant; () when there is none."""
        if text in self._areas.get(commune, {}):
            return text
        for form in (_exact(text), fold(text)):
            codes = self._area_names.get((commune, form))
            if codes:
                return _one(codes)
        return ()

    def pasted(self, commune: str, text: str) -> Found:
        """The same for rows that add no area: also by its number, and one that ended goes last."""
        found = self.area(commune, text)
        codes = (found,) if isinstance(found, str) else found
        if not codes and text.isdecimal():
            held = ((one, self.held_unit(commune, one)) for one in self._areas.get(commune, {}))
            codes = tuple(code for code, one in held if one and _number_of(one) == int(text))
        standing = {one for one in codes if not self._ended(commune, one)}
        return _one(standing or set(codes)) if codes else ()

    def communes_called(self, name: str, *, but: str) -> list[str]:
        """The codes of other communes that have exactly this name."""
        exact = _exact(name)
        return [c for c, other in self._communes.items() if c != but and _exact(other) == exact]

    def areas_called(self, commune: str, label: str, *, but: str) -> list[str]:
        """The codes of other areas of a commune with exactly this label that haven't ended."""
        codes = self._area_names.get((commune, _exact(label)), set()) - {but}
        return sorted(code for code in codes if not self._ended(commune, code))

    def _ended(self, commune: str, code: str) -> bool:
        unit = self.held_unit(commune, code)
        return unit is not None and unit.valid_to is not None

    def held_unit(self, commune: str, code: str) -> Unit | None:
        """The unit as it stands in the database."""
        commune_id = self._id_of.get(commune)
        return None if commune_id is None else self._held.units.get((commune_id, code))

    def successors(self, commune: str, code: str) -> tuple[str, ...]:
        """The codes of the areas into which one merged, as it stands in the database."""
        unit = self.held_unit(commune, code)
        after = self._held.successors.get(unit.id, frozenset()) if unit is not None else frozenset()
        return tuple(sorted(self._units[one].code for one in after))

    def place_of(
        self, commune_id: int | None, unit_id: int | None
    ) -> tuple[str | None, str | None]:
        """The codes of an invitation's place."""
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
    """Case doesn't matter, marks do; a space keeps it apart from the folded forms."""
    return " " + " ".join(unicodedata.normalize("NFC", text).casefold().split())


def _exact_forms(name: str) -> set[str]:
    plain = _exact(name).strip()
    return {f" {plain.removeprefix('xã ').removeprefix('phường ')}"}


def _loose_forms(name: str) -> set[str]:
    return {fold(name), fold(next(iter(_exact_forms(name))))}
