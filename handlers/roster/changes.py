"""What a plan would change, line by line in a person's language, as the history tells it later."""

from collections.abc import Iterator

from handlers.roster.columns import role_word
from handlers.roster.plan import Invite, Plan
from handlers.texts import Html, Texts
from storage.places import OFFICE_CODE
from storage.roster import RosterData


class Wording:
    """Says a plan's changes; communes are named where there can be several."""

    def __init__(self, held: RosterData, plan: Plan, texts: Texts, *, several: bool) -> None:
        self._held = held
        self._texts = texts
        self._several = several
        self._new = {(one.commune, one.code): one.values["label"] for one in plan.new_areas}
        self._names = {one.code: one.name for one in plan.new_communes}

    def lines(self, plan: Plan) -> Iterator[Html]:
        """Every difference, place by place of the workbook."""
        texts = self._texts
        for commune in plan.new_communes:
            yield texts.say("workbook.new_commune", commune=commune.name)
        for edit in plan.communes:
            for name, value in edit.values.items():
                key = f"workbook.commune.{name}"
                said = texts.say(key, old=_plain(edit.before[name]), new=_plain(value))
                yield self._at(self._commune(edit.code), said)
        for area in plan.new_areas:
            said = texts.say("history.area.founded", label=area.values["label"] or "—")
            yield self._at(self._commune(area.commune) if self._several else "", said)
        for moved in plan.areas:
            for name, value in moved.values.items():
                key = f"history.area.{name}" if value is not None else f"history.area.no_{name}"
                said = texts.say(key, old=_plain(moved.before[name]), new=_plain(value))
                yield self._at(self._place(moved.commune, moved.code), said)
        for one in plan.figures:
            kind = texts.say(f"history.figures.{one.kind}")
            old, new = self._count(one.old), self._count(one.new)
            said = texts.say("history.figure", kind=kind, old=old, new=new)
            yield self._at(self._place(one.commune, one.unit), said)
        for merger in plan.successors:
            names = ", ".join(self._area(merger.commune, code) for code in merger.new)
            key = "none" if not merger.new else "merged" if len(merger.new) == 1 else "split"
            said = texts.say(f"history.merger.{key}", names=names)
            yield self._at(self._place(merger.commune, merger.code), said)
        for invite in plan.invites:
            yield texts.say("workbook.invitation", place=self.place_of(invite), count=invite.uses)

    def place_of(self, invite: Invite) -> str:
        """For what an invitation is: the area or commune, and the role with its label."""
        role = role_word(invite.role, self._texts.language)
        parts = [f"{role} ({invite.label})" if invite.label else role]
        if invite.commune is not None:
            area = invite.area
            place = self._place(invite.commune, area) if area else self._commune(invite.commune)
            parts.insert(0, place)
        return ", ".join(parts)

    def _at(self, place: str, said: Html) -> Html:
        return self._texts.say("workbook.at", place=place, said=said) if place else said

    def _place(self, commune: str, code: str) -> str:
        area = self._area(commune, code)
        return f"{area}, {self._commune(commune)}" if self._several else area

    def _area(self, commune: str, code: str) -> str:
        if code == OFFICE_CODE:
            return self._texts.say("unit.office")
        held = self._held.communes.get(commune)
        unit = self._held.units.get((held.id, code)) if held is not None else None
        return str(self._new.get((commune, code)) or (unit.label if unit is not None else code))

    def _commune(self, code: str) -> str:
        held = self._held.communes.get(code)
        return held.name if held is not None else self._names.get(code, code)

    def _count(self, value: int | None) -> str:
        return "—" if value is None else self._texts.number(value)


def _plain(value: str | int | None) -> str:
    return "—" if value is None else str(value)
