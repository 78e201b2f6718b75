"""Compares a workbook with the stored data: a plan, or all problems."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection

from handlers.areas.changing import parts_above_population
from handlers.roster.cell_values import CLEAR, ProblemText, Remark, Value
from handlers.roster.columns import AREAS, COMMUNES, FIGURES, RosterSheet
from handlers.roster.names import Found, PlaceNames
from handlers.roster.plan import (
    AreaEdit,
    CommuneEdit,
    FigureEdit,
    Invite,
    NewArea,
    NewCommune,
    Plain,
    RosterPlan,
    SuccessorEdit,
)
from handlers.roster.rows import Problems, Record, Records
from storage.places.places import OFFICE_CODE
from storage.places.roster import AREA_FIELDS, RosterData, of_communes, roster_data

_Key = tuple[str, str | None, str | None, str | None, str | None]


def plan_records(
    records: Records, tx: Connection, now: datetime, *, communes: Collection[int] | None = None
) -> RosterPlan | Problems:
    """Return the changes that importing this workbook would make, or all its problems.

    With `communes` the workbook may change only these. Others are unknown to it; it can't add a
    commune, change its group, or invite an operator.
    """
    if records.unreadable:
        return records.in_order(records.problems)
    roster = roster_data(tx)
    if communes is None:
        return _Planning(records, roster, now).plan()
    return _Planning(records, of_communes(roster, communes), now, bound=True).plan()


class _Planning:
    """One comparison; it collects the plan and the problems."""

    def __init__(
        self, records: Records, roster: RosterData, now: datetime, *, bound: bool = False
    ) -> None:
        self._bound = bound
        self._records = records
        self._roster = roster
        self._now = now
        self._names = PlaceNames(roster)
        self._plan = RosterPlan(left_aside=tuple(records.left_aside))
        self._problems = list(records.problems)
        self._doubted: set[tuple[str, str, str]] = set()

    def plan(self) -> RosterPlan | Problems:
        for record in self._rows("communes"):
            self._commune(record)
        merging = [self._area(record) for record in self._rows("areas")]
        # Only now are all areas of the workbook known, and an area can merge into a later one.
        for record, place in zip(self._rows("areas"), merging, strict=True):
            if place is not None:
                self._successors(record, *place)
        for record in self._rows("figures"):
            self._pasted(record)
        self._people()
        self._doubt_duplicates()
        return self._records.in_order(self._problems) if self._problems else self._plan

    def _rows(self, sheet: str) -> list[Record]:
        return self._records.rows.get(sheet, [])

    def _refuse(self, record: Record, column: str | None, reason: str, **values: str | int) -> None:
        self._problems.append(record.problem(column, ProblemText(reason, values)))

    # --- communes -----------------------------------------------------------------------------

    def _commune(self, record: Record) -> None:
        given = record.values
        if "name" not in given:
            self._names.claim_commune(str(given.get("code", "")), "")
            return
        name = str(given["name"])
        code = self._names.own_commune(str(given.get("code", "")), name)
        if code is None:
            self._refuse(record, "name", "no_code")
            return
        if not self._names.claim_commune(code, name):
            column = "code" if "code" in given else "name"
            self._refuse(record, column, "commune_again", code=code)
            return
        group = _plain(given.get("group"))
        stored = self._roster.communes.get(code)
        if self._bound and stored is None:
            self._refuse(record, "name", "foreign_commune", text=name)
            return
        wanted = {"name": given["name"], "group_name": given.get("group")}
        if self._bound and stored and _changed({"group_name": stored.group_name}, wanted):
            self._refuse(record, "group", "foreign_group")
            return
        if stored is None:
            self._plan.new_communes.append(
                NewCommune(code, name, str(group) if group is not None else None)
            )
        else:
            before: dict[str, Plain] = {"name": stored.name, "group_name": stored.group_name}
            changed = _changed(before, wanted)
            if changed:
                self._plan.communes.append(CommuneEdit(code, changed, before))
        self._names.groups.add(str(group) if group is not None else "")
        self._figures(record, code, OFFICE_CODE, COMMUNES)

    # --- areas --------------------------------------------------------------------------------

    def _area(self, record: Record) -> tuple[str, str] | None:
        given = record.values
        commune = self._commune_of(record)
        if commune is None or "label" not in given:
            return None
        label, old = str(given["label"]), _plain(given.get("old_commune"))
        matching = self._names.matching_areas(commune, label, str(old or ""))
        if "code" not in given and len(matching) > 1:
            self._refuse(record, "label", "which_area", text=label, codes=", ".join(matching))
            return None
        code = self._names.own_area(commune, str(given.get("code", "")), label, str(old or ""))
        if code is None:
            self._refuse(record, "label", "no_code")
            return None
        if not self._names.claim_area(commune, code, label, str(old or "")):
            column = "code" if "code" in given else "label"
            self._refuse(record, column, "area_again", code=code)
            return None
        stored = self._names.stored_unit(commune, code)
        if stored is None:
            values = {name: _plain(given.get(name)) for name in AREA_FIELDS}
            self._plan.new_areas.append(NewArea(commune, code, values))
        else:
            before = {name: getattr(stored, name) for name in AREA_FIELDS}
            changed = _changed(before, given)
            values = {**before, **changed}
            if changed:
                self._plan.areas.append(AreaEdit(commune, code, changed, before))
        begins, ends = values["valid_from"], values["valid_to"]
        if begins and ends and str(begins) > str(ends):
            self._refuse(record, "valid_to", "ends_early")
        self._figures(record, commune, code, AREAS)
        return commune, code

    def _commune_of(self, record: Record) -> str | None:
        if "commune" not in record.values:
            return None
        text = str(record.values["commune"])
        found = self._names.commune(text)
        if isinstance(found, str):
            return found
        if found:
            self._refuse(record, "commune", "which_commune", text=text)
        else:
            key = "foreign_commune" if self._bound else "no_commune"
            self._refuse(record, "commune", key, text=text)
        return None

    def _area_of(self, record: Record, commune: str, key: str, text: str) -> str | None:
        return self._found_area(record, commune, key, text, self._names.area(commune, text))

    def _found_area(
        self, record: Record, commune: str, key: str, text: str, found: Found
    ) -> str | None:
        if isinstance(found, str):
            return found
        if found:
            self._refuse(record, key, "which_area", text=text, codes=", ".join(found))
        else:
            self._refuse(record, key, "no_area", commune=commune, text=text)
        return None

    def _successors(self, record: Record, commune: str, code: str) -> None:
        given = record.values.get("successors")
        if given is None:
            return
        wanted = () if given is CLEAR or not isinstance(given, tuple) else given
        found = [self._area_of(record, commune, "successors", text) for text in wanted]
        if None in found:
            return
        if code in found:
            self._refuse(record, "successors", "into_itself")
            return
        new = tuple(sorted({one for one in found if one is not None}))
        old = self._names.successors(commune, code)
        if new and new != old and not self._ends(record, commune, code):
            self._refuse(record, "valid_to", "needs_last_day")
        elif new != old:
            self._plan.successors.append(SuccessorEdit(commune, code, old, new))

    def _ends(self, record: Record, commune: str, code: str) -> bool:
        """Return whether the area has a last day; without it, it would overlap its successors."""
        if "valid_to" in record.values:
            return record.values["valid_to"] is not CLEAR
        stored = self._names.stored_unit(commune, code)
        return stored is not None and stored.valid_to is not None

    def _figures(self, record: Record, commune: str, unit: str, sheet: RosterSheet) -> None:
        """Plan the changed figures; refuse a new part that exceeds the population."""
        stored = self._names.stored_unit(commune, unit)
        before = self._roster.figures.get(stored.id, {}) if stored is not None else {}
        for column in sheet.columns:
            if not column.figure or column.key not in record.values:
                continue
            value = record.values[column.key]
            new = value if isinstance(value, int) else None
            old = before.get(column.key)
            if new != old:
                self._plan.figures.append(FigureEdit(commune, unit, column.key, old, new))
        after = {**before, **record.values}
        for key, part, population in parts_above_population(after, before):
            where = key if key in record.values else "population"
            self._refuse(record, where, "more_than_all", part=part, all=population)

    def _pasted(self, record: Record) -> None:
        """Plan the figures of an existing area; pasted rows add and rename no area."""
        commune = self._commune_of(record)
        code = self._existing_area(record, commune) if commune is not None else None
        unit = self._names.stored_unit(commune, code) if commune and code else None
        if commune is None or unit is None:
            return
        if self._names.claim_area(commune, unit.code, unit.label, unit.old_commune or ""):
            self._figures(record, commune, unit.code, FIGURES)
        else:
            self._refuse(record, "label", "area_again", code=unit.code)

    def _existing_area(self, record: Record, commune: str) -> str | None:
        """Return the area of a row: by its code, its name with the old commune's, or its number."""
        given = record.values
        key = next((one for one in ("code", "label", "number") if one in given), None)
        if key is None:
            self._refuse(record, "label", "nothing")
            return None
        old = _plain(given.get("old_commune")) if key == "label" else None
        text = f"{_plain(given[key])} {old or ''}".strip()
        return self._found_area(record, commune, key, text, self._names.pasted(commune, text))

    def _doubt_duplicates(self) -> None:
        """Add a doubt for each new commune or area with an existing name: it may be a duplicate."""
        for commune in self._plan.new_communes:
            for code in self._names.communes_called(commune.name, but=commune.code):
                self._doubt_once("commune", commune.code, code, name=commune.name)
        for area in self._plan.new_areas:
            values = area.values
            if values["old_commune"] is None and values["valid_to"] is None:
                label = str(values["label"])
                for code in self._names.areas_called(area.commune, label, but=area.code):
                    self._doubt_once("area", area.code, code, commune=area.commune, label=label)

    def _doubt_once(self, what: str, one: str, other: str, **values: str) -> None:
        first, second = sorted((one, other))
        if (what, first, second) not in self._doubted:
            self._doubted.add((what, first, second))
            where = {**values, "first": first, "second": second}
            self._plan.doubts.append(Remark(f"doubt.{what}", where))

    # --- people -------------------------------------------------------------------------------

    def _people(self) -> None:
        wanted: Counter[_Key] = Counter()
        for record in self._rows("people"):
            key = self._person(record)
            if key is not None:
                uses = record.values.get("uses", 1)
                wanted[key] += uses if isinstance(uses, int) else 1
        covered = self._covered()
        for key, uses in wanted.items():
            missing = uses - covered[key]
            if missing > 0:
                self._plan.invites.append(Invite(*key, missing))

    def _person(self, record: Record) -> _Key | None:
        given = record.values
        if "role" not in given:
            return None
        role = str(given["role"])
        label = str(given["label"]) if "label" in given else None
        if role == "operator":
            return self._operator(record, label)
        if "group" in given:
            self._refuse(record, "group", "group_of_operator")
            return None
        if "commune" not in given:
            self._refuse(record, "commune", f"commune_of_{role}")
            return None
        commune = self._commune_of(record)
        if commune is None:
            return None
        if role != "reporter":
            if "area" in given:
                self._refuse(record, "area", f"no_area_of_{role}")
                return None
            return role, commune, None, None, label
        if "area" not in given:
            self._refuse(record, "area", "area_of_reporter")
            return None
        area = self._area_of(record, commune, "area", str(given["area"]))
        return None if area is None else (role, commune, area, None, label)

    def _operator(self, record: Record, label: str | None) -> _Key | None:
        given = record.values
        if self._bound:
            self._refuse(record, "role", "foreign_operator")
            return None
        for key in ("commune", "area"):
            if key in given:
                self._refuse(record, key, "operator_of_group")
                return None
        group = str(given["group"]) if "group" in given else None
        if group is not None and group not in self._names.groups:
            self._refuse(record, "group", "no_group", group=group)
            return None
        return "operator", None, None, group, label

    def _covered(self) -> Counter[_Key]:
        """Return the number of people with invitations: used ones, and valid unused ones."""
        covered: Counter[_Key] = Counter()
        for one in self._roster.invitations:
            place = self._names.place_of(one.commune_id, one.unit_id)
            key = (one.role, *place, one.group_name, one.label)
            covered[key] += one.uses if one.valid(self._now) else one.used
        return covered


def _changed(before: Mapping[str, Plain], given: Mapping[str, Value | None]) -> dict[str, Plain]:
    """Return the given values that differ; empty cells change nothing."""
    wanted = {name: _plain(given[name]) for name in before if given.get(name) is not None}
    return {name: value for name, value in wanted.items() if value != before[name]}


def _plain(value: Value | None) -> Plain:
    if value is None or value is CLEAR:
        return None
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int) else str(value)
