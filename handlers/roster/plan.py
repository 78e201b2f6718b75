"""The changes that a workbook would make, by the roster's keys; none of them is made yet.

`Wording` writes them line by line in a person's language, in the words of the history.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from handlers.roster.cell_values import Remark
from handlers.roster.columns import role_word
from handlers.texts import Html, Texts
from storage.places.places import OFFICE_CODE
from storage.places.roster import RosterData

Plain = str | int | None
Words = Callable[..., str]  # a text, and its values by name


@dataclass(frozen=True, slots=True)
class NewCommune:
    """A commune that doesn't exist yet."""

    code: str
    name: str
    group: str | None


@dataclass(frozen=True, slots=True)
class CommuneEdit:
    """Changed fields of a commune: `name`, `group_name`."""

    code: str
    values: dict[str, Plain]
    before: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class NewArea:
    """An area that doesn't exist yet."""

    commune: str
    code: str
    values: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class AreaEdit:
    """Changed fields of an area."""

    commune: str
    code: str
    values: dict[str, Plain]
    before: dict[str, Plain]


@dataclass(frozen=True, slots=True)
class FigureEdit:
    """A changed figure of an area, or of the office (code "office")."""

    commune: str
    unit: str
    kind: str
    old: int | None
    new: int | None


@dataclass(frozen=True, slots=True)
class SuccessorEdit:
    """The areas that replaced an area."""

    commune: str
    code: str
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """An invitation to make: for `uses` people who have none yet."""

    role: str
    commune: str | None
    area: str | None
    group: str | None
    label: str | None
    uses: int


@dataclass(frozen=True, slots=True)
class RosterChange:
    """One difference as text: the place, the field, the old and the new value."""

    place: str
    what: str
    old: Plain
    new: Plain

    @property
    def row(self) -> tuple[str, str, str]:
        """The place, the field, and "old → new", for a table."""
        if self.old is None and self.new is None:
            return self.place, self.what, ""
        return self.place, self.what, f"{_shown(self.old)} → {_shown(self.new)}"


@dataclass(slots=True)
class RosterPlan:
    """All changes that `apply` makes; the ignored parts of the workbook; likely duplicates."""

    new_communes: list[NewCommune] = field(default_factory=list)
    communes: list[CommuneEdit] = field(default_factory=list)
    new_areas: list[NewArea] = field(default_factory=list)
    areas: list[AreaEdit] = field(default_factory=list)
    figures: list[FigureEdit] = field(default_factory=list)
    successors: list[SuccessorEdit] = field(default_factory=list)
    invites: list[Invite] = field(default_factory=list)
    left_aside: tuple[Remark, ...] = ()
    doubts: list[Remark] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether nothing would change."""
        return not any(self.counts.values())

    @property
    def counts(self) -> dict[str, int]:
        """The number of changes by kind."""
        return {
            "new communes": len(self.new_communes),
            "changed communes": len(self.communes),
            "new areas": len(self.new_areas),
            "changed areas": len(self.areas),
            "figures": len(self.figures),
            "mergers": len(self.successors),
            "invitations": len(self.invites),
        }

    def changes(self, words: Words = str.format) -> Iterator[RosterChange]:
        """Yield every difference, in the workbook's order; `words` translates the texts."""
        for commune in self.new_communes:
            yield RosterChange(
                commune.code, words("new commune “{name}”", name=commune.name), None, None
            )
        for edit in self.communes:
            for name, value in edit.values.items():
                yield RosterChange(edit.code, words(name), edit.before[name], value)
        for area in self.new_areas:
            place = f"{area.commune}/{area.code}"
            yield RosterChange(
                place, words("new area “{label}”", label=area.values["label"]), None, None
            )
        for moved in self.areas:
            for name, value in moved.values.items():
                yield RosterChange(
                    f"{moved.commune}/{moved.code}", words(name), moved.before[name], value
                )
        for one in self.figures:
            yield RosterChange(f"{one.commune}/{one.unit}", words(one.kind), one.old, one.new)
        for merger in self.successors:
            old, new = ", ".join(merger.old) or None, ", ".join(merger.new) or None
            yield RosterChange(f"{merger.commune}/{merger.code}", words("merged into"), old, new)
        for invite in self.invites:
            yield RosterChange(_place(invite, words), _invitation(invite, words), None, None)


def _place(invite: Invite, words: Words) -> str:
    parts = [part for part in (invite.commune, invite.area, invite.group) if part]
    return "/".join(parts) or words("all communes")


def _invitation(invite: Invite, words: Words) -> str:
    label = f" “{invite.label}”" if invite.label else ""
    people = words("1 person") if invite.uses == 1 else words("{uses} people", uses=invite.uses)
    return (
        words("invitation for {people} as {role}", people=people, role=words(invite.role)) + label
    )


def _shown(value: Plain) -> str:
    return "—" if value is None else str(value)


class Wording:
    """Writes a plan's changes as text; communes are named where there can be several."""

    def __init__(
        self, roster: RosterData, plan: RosterPlan, texts: Texts, *, several: bool
    ) -> None:
        self._roster = roster
        self._texts = texts
        self._several = several
        self._new = {(one.commune, one.code): one.values["label"] for one in plan.new_areas}
        self._names = {one.code: one.name for one in plan.new_communes}

    def lines(self, plan: RosterPlan) -> Iterator[Html]:
        """Yield every difference, in the workbook's order."""
        texts = self._texts
        for commune in plan.new_communes:
            yield texts.say("workbook.new_commune", commune=commune.name)
        for edit in plan.communes:
            for name, value in edit.values.items():
                key = f"workbook.commune.{name}"
                text = texts.say(key, old=_shown(edit.before[name]), new=_shown(value))
                yield self._at(self._commune(edit.code), text)
        for area in plan.new_areas:
            text = texts.say("history.area.founded", label=area.values["label"] or "—")
            yield self._at(self._commune(area.commune) if self._several else "", text)
        for moved in plan.areas:
            for name, value in moved.values.items():
                key = f"history.area.{name}" if value is not None else f"history.area.no_{name}"
                text = texts.say(key, old=_shown(moved.before[name]), new=_shown(value))
                yield self._at(self._place(moved.commune, moved.code), text)
        for one in plan.figures:
            place, kind, old, new = self.figure(one)
            yield self._at(place, texts.say("history.figure", kind=Html(kind), old=old, new=new))
        for merger in plan.successors:
            names = ", ".join(self._area(merger.commune, code) for code in merger.new)
            key = "none" if not merger.new else "merged" if len(merger.new) == 1 else "split"
            text = texts.say(f"history.merger.{key}", names=names)
            yield self._at(self._place(merger.commune, merger.code), text)
        for invite in plan.invites:
            yield texts.say("workbook.invitation", place=self.place_of(invite), count=invite.uses)

    def figure(self, one: FigureEdit) -> tuple[str, str, str, str]:
        """Return a figure's place, its kind, and both numbers."""
        kind = self._texts.say(f"history.figures.{one.kind}")
        place = self._place(one.commune, one.unit)
        return place, kind, self._count(one.old), self._count(one.new)

    def place_of(self, invite: Invite) -> str:
        """Return an invitation's area or commune, and its role with the label."""
        return ", ".join(part for part in (self.where(invite), self.role_of(invite)) if part)

    def where(self, invite: Invite) -> str:
        """Return an invitation's area or commune; empty for an operator's."""
        if invite.commune is None:
            return ""
        if invite.area:
            return self._place(invite.commune, invite.area)
        return self._commune(invite.commune)

    def role_of(self, invite: Invite) -> str:
        """Return an invitation's role with its label."""
        role = role_word(invite.role, self._texts.language)
        return f"{role} ({invite.label})" if invite.label else role

    def _at(self, place: str, text: Html) -> Html:
        return self._texts.say("workbook.at", place=place, said=text) if place else text

    def _place(self, commune: str, code: str) -> str:
        area = self._area(commune, code)
        return f"{area}, {self._commune(commune)}" if self._several else area

    def _area(self, commune: str, code: str) -> str:
        if code == OFFICE_CODE:
            return self._texts.say("unit.office")
        stored = self._roster.communes.get(commune)
        unit = self._roster.units.get((stored.id, code)) if stored is not None else None
        return str(self._new.get((commune, code)) or (unit.label if unit is not None else code))

    def _commune(self, code: str) -> str:
        stored = self._roster.communes.get(code)
        return stored.name if stored is not None else self._names.get(code, code)

    def _count(self, value: int | None) -> str:
        return "—" if value is None else self._texts.number(value)
