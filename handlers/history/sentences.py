"""One change as a sentence: the author, the time, the old and new value, the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from criteria.definition import Indicator
from criteria.schedule import Every, Schedule
from handlers.report.wording import value_text, with_how
from handlers.rounds.criteria_sets import set_of
from handlers.rounds.wording import entry_words, schedule_words
from handlers.texts import Html, Texts, shortened
from storage.difficulties import difficulties
from storage.history import HistoryEntry
from storage.people import people
from storage.places import places
from storage.places.roster import AREA_FIELDS
from storage.reminders import reminder_plans
from storage.reports import answer_values
from storage.rounds import rounds
from storage.rounds.rounds import Round

Values = Mapping[str, Any]
_WAYS_WITHOUT_TEXT = frozenset({"start"})
_WAYS_OF_PROGRAM = frozenset({"schedule", "clock"})
_LONGEST = 160
_ABOUT_PEOPLE = frozenset({"role", "invitation", "person"})


@dataclass(frozen=True, slots=True)
class HistoryReader:
    """The language and time zone of the sentences, and the rounds of the changes.

    `quotes`: whether the sentences include people's own texts, which may contain names.
    """

    tx: Connection
    texts: Texts
    zone: ZoneInfo
    rounds: dict[int, Round | None] = field(default_factory=dict)
    quotes: bool = True

    def indicator(self, entry: HistoryEntry, code: str | None = None) -> Indicator | None:
        """Return the indicator of a change (or another one) in the change's round; None without."""
        if entry.round_id is None:
            return None
        if entry.round_id not in self.rounds:
            self.rounds[entry.round_id] = rounds.round_by_id(self.tx, entry.round_id)
        round_ = self.rounds[entry.round_id]
        known = set_of(round_).indicators if round_ is not None else ()
        return next((one for one in known if one.code == (code or entry.indicator)), None)

    def short(self, entry: HistoryEntry, code: str | None = None) -> str:
        """Return the indicator's short name, else its code."""
        found = self.indicator(entry, code)
        return self.texts.short(found) if found else code or entry.indicator or "—"

    def day(self, values: Values, name: str) -> Html:
        """Return a stored time as a day."""
        return Html(self.texts.full_day(datetime.fromisoformat(values[name]), self.zone))


def sentence(reader: HistoryReader, entry: HistoryEntry) -> Html:
    """Return the whole line of a change."""
    way = way_of(reader, entry)
    return reader.texts.say(
        "history.line" if way else "history.line_bare",
        when=_moment(reader, entry),
        who=author_name(reader, entry),
        way=way,
        what=change_text(reader, entry),
    )


def _moment(reader: HistoryReader, entry: HistoryEntry) -> str:
    """Return hour, minute and full day: a history covers several years."""
    return (
        f"{entry.at.astimezone(reader.zone):%H:%M} {reader.texts.full_day(entry.at, reader.zone)}"
    )


def impersonal(entry: HistoryEntry) -> HistoryEntry:
    """Return the change without its author, for files and for screens that many people see."""
    return replace(entry, name=None, person_id=None)


def without_names(reader: HistoryReader, entry: HistoryEntry) -> Html | None:
    """Return the line without author and people's texts; None for a change about a person."""
    if entry.what in _ABOUT_PEOPLE:
        return None
    shown, reader = impersonal(entry), replace(reader, quotes=False)
    way = way_of(reader, shown)
    key = "history.impersonal" if way else "history.impersonal_bare"
    change = change_text(reader, shown)
    return reader.texts.say(key, when=_moment(reader, entry), way=way, what=change)


def author_name(reader: HistoryReader, entry: HistoryEntry) -> str:
    """Return the author's name; a forgotten person is a former member.

    A change without a person is the program's, unless the name was erased years after the close.
    """
    if entry.person_id is not None:
        return entry.name or reader.texts.say("former_member")
    by_hand = entry.way in {"import", "command"}
    if entry.erased and not by_hand and entry.way not in _WAYS_OF_PROGRAM:
        return reader.texts.say("erased")
    return reader.texts.say("history.who.installation" if by_hand else "history.who.program")


def way_of(reader: HistoryReader, entry: HistoryEntry) -> str:
    """Return the text of the way; empty if it has none."""
    key = f"history.way.{entry.way}"
    has_text = entry.way not in _WAYS_WITHOUT_TEXT and reader.texts.has(key)
    return reader.texts.say(key) if has_text else ""


def change_text(reader: HistoryReader, entry: HistoryEntry) -> Html:
    """Return what changed, without author and time."""
    old, new = entry.old or {}, entry.new or {}
    text_of = _TEXT_OF.get(entry.what)
    text = text_of(reader, entry, old, new) if text_of is not None else None
    if text is not None:
        return text
    was, now = _fields(old) or "—", _fields(new) or "—"  # the fields of an unknown kind of change
    return reader.texts.say("history.other", what=entry.what, old=was, new=now)


def _answer(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    before, after = _value(reader, entry, old), _value(reader, entry, new)
    short = reader.short(entry)
    if not old or old.get("state") == "none":
        text = reader.texts.say("history.answer_first", short=short, new=after)
    else:
        text = reader.texts.say("history.answer", short=short, old=before, new=after)
    return _with_reason(reader, text, new.get("reason"))


def _total(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    """Return that the office took the area's total, which the answer has, and not its own."""
    before, after = old.get("commune_total"), new.get("denominator")
    if before is None or after is None:
        return None
    numbers = {"old": reader.texts.number(before), "new": reader.texts.number(after)}
    return reader.texts.say("history.total", short=reader.short(entry), **numbers)


def _value(reader: HistoryReader, entry: HistoryEntry, values: Values) -> Html:
    state = values.get("state", "none")
    if state in {"none", "unknown"}:
        return reader.texts.say(f"history.value.{state}")
    value = answer_values.from_json(values)
    if value is None:
        return Html("—")
    text = value_text(value, reader.texts, reader.indicator(entry))
    return with_how(text, values.get("how"), reader.texts)


def _how(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    """Return the counting method that was chosen for an answer."""
    key = f"how.{new.get('how')}"
    if not reader.texts.has(key):
        return None
    return reader.texts.say("history.how", short=reader.short(entry), how=reader.texts.say(key))


def _report(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    state = new.get("state")
    if state == "returned":
        names = ", ".join(reader.short(entry, code) for code in new.get("indicators", ()))
        text = reader.texts.say("history.report.returned", names=names or "—")
        return _with_reason(reader, text, new.get("note"))
    if state == "sent" and old is not None and old.get("state") == "accepted":
        return reader.texts.say("history.report.taken_back")
    if state == "sent":
        again = (new.get("sends") or 1) > 1
        late = bool(new.get("late")) and not again
        key = "again" if again else "late" if late else "sent"
        return reader.texts.say(f"history.report.{key}", code=new.get("code") or "—")
    return reader.texts.say(f"history.report.{state}") if state in {"draft", "accepted"} else None


def _on_behalf(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    key = f"history.on_behalf.{new.get('office')}"
    return reader.texts.say(key, short=reader.short(entry)) if reader.texts.has(key) else None


def _evidence(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    key = "history.evidence.added" if new else "history.evidence.removed"
    short = reader.short(entry) if entry.indicator else reader.texts.say("sheet.whole")
    return reader.texts.say(key, short=short)


def _role(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    """Return that a role began, ended, was given or taken by another, or was handed over."""
    role = new.get("role") or old.get("role")
    if role is None or not reader.texts.has(f"history.roles.{role}"):
        return None
    before, after = old.get("person"), new.get("person")
    key = "given" if new.get("role") else "moved" if new.get("state") == "moved" else "ended"
    if before is not None and after is not None:
        key = "handed_over"
    elif (before or after or entry.person_id) != entry.person_id:
        key = f"{key}_to"
    return reader.texts.say(
        f"history.role.{key}",
        role=reader.texts.say(f"history.roles.{role}"),
        old=_name(reader, before),
        new=_name(reader, after or before),
    )


def _name(reader: HistoryReader, person_id: int | None) -> str:
    person = people.person(reader.tx, person_id) if person_id is not None else None
    return (person.name if person is not None else None) or reader.texts.say("former_member")


def _invitation(
    reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values
) -> Html | None:
    role, state = new.get("role"), new.get("state")
    if state not in {"created", "revoked"} or not reader.texts.has(f"history.roles.{role}"):
        return None
    return reader.texts.say(
        f"history.invitation.{state}", role=reader.texts.say(f"history.roles.{role}")
    )


def _figure(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    key = f"history.figures.{new.get('kind')}"
    kind = reader.texts.say(key) if reader.texts.has(key) else str(new.get("kind") or "—")
    before, after = _count(reader, old), _count(reader, new)
    return reader.texts.say("history.figure", kind=kind, old=before, new=after)


def _area(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    """Return that an area is new, or each of its changed fields."""
    if not old:
        return reader.texts.say("history.area.founded", label=new.get("label") or "—")
    parts = [
        reader.texts.say(
            f"history.area.{name}" if new[name] is not None else f"history.area.no_{name}",
            old=_area_value(reader, name, old.get(name)),
            new=_area_value(reader, name, new[name]),
        )
        for name in AREA_FIELDS
        if name in new
    ]
    return Html("; ".join(parts)) if parts else None


def _area_value(reader: HistoryReader, name: str, value: str | int | None) -> str:
    if value is None:
        return "—"
    if name in {"valid_from", "valid_to"}:
        return reader.texts.full_day(date.fromisoformat(str(value)), reader.zone)
    return str(value)


def _merger(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    units = places.units_by_ids(reader.tx, list(new.get("into", ())))
    names = ", ".join(reader.texts.unit(one) for one in units)
    key = "none" if not units else "merged" if len(units) == 1 else "split"
    return reader.texts.say(f"history.merger.{key}", names=names)


def _total_mark(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    """Return the commune's new figure for an answer that does not change."""
    key = "history.total_differs" if "commune_total" in new else "history.total_agrees"
    total = new.get("commune_total") or new.get("denominator") or 0
    value = _value(reader, entry, new)
    return reader.texts.say(key, short=reader.short(entry), value=value, total=total)


def _count(reader: HistoryReader, values: Values) -> str:
    value = values.get("value")
    return reader.texts.number(value) if isinstance(value, int) else "—"


def _round(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    texts, name = reader.texts, new.get("name") or "—"
    if "open_until" in new:
        text = texts.say("history.round.area_reopened", until=reader.day(new, "open_until"))
        return _with_reason(reader, text, new.get("reason"))
    state, before = new.get("state"), old.get("state")
    if state != before and state in {"planned", "open", "closed", "cancelled"}:
        key = "reopened" if state == "open" and before == "closed" else state
        until = reader.day(new, "closes_at" if key == "reopened" else "deadline")
        text = texts.say(f"history.round.{key}", name=name, until=until)
        why = new.get("reason") if key in {"cancelled", "reopened"} else None
        return _with_reason(reader, text, why)
    if not old:
        return None
    return texts.say(
        "history.round.moved",
        name=name,
        old=reader.day(old, "deadline"),
        new=reader.day(new, "deadline"),
        closes=reader.day(new, "closes_at"),
    )


def _confirmation(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    short = reader.short(entry)
    if not new or "answer" not in new:
        return reader.texts.say("history.confirmation.revoked", short=short)
    answer = reader.texts.say("value.yes" if new["answer"] else "value.no")
    text = reader.texts.say("history.confirmation.given", short=short, answer=answer)
    return _with_reason(reader, text, new.get("reason"))


def _difficulty(
    reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values
) -> Html | None:
    if new.get("photo"):
        return reader.texts.say("history.difficulty.photo")
    state = new.get("state")
    if state not in {"open", "answered", "passed_up", "settled", "reopened"}:
        return None
    one = difficulties.difficulty_by_id(reader.tx, new.get("id") or 0)
    text = (one.text if state == "open" else one.answer) if one is not None else None
    quote = shortened(text or "—", _LONGEST) if reader.quotes else "…"
    return reader.texts.say(f"history.difficulty.{state}", text=quote)


def _person(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html | None:
    key = f"history.person.{new.get('state')}"
    return reader.texts.say(key) if reader.texts.has(key) else None


def _schedule(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    if not new:
        return reader.texts.say("history.schedule.off")
    schedule = Schedule(Every(new["every"]), new["opens_on"], new["deadline_on"])
    return reader.texts.say("history.schedule.set", how=schedule_words(reader.texts, schedule))


def _reminders(reader: HistoryReader, entry: HistoryEntry, old: Values, new: Values) -> Html:
    entries = reminder_plans.entries_from(new["entries"])
    days = ", ".join(entry_words(reader.texts, one) for one in entries)
    hour = new["at"][: len("08:00")]
    return reader.texts.say("history.reminders", days=Html(days or "—"), hour=hour)


def _fields(values: Values) -> str:
    fields = ", ".join(f"{name}: {value}" for name, value in values.items() if name != "v")
    return shortened(fields, _LONGEST)


def _with_reason(reader: HistoryReader, text: Html, reason: str | None) -> Html:
    if not reason or not reader.quotes:
        return text
    return Html(text + reader.texts.say("history.because", reason=shortened(reason, _LONGEST)))


_TEXT_OF: dict[str, Callable[[HistoryReader, HistoryEntry, Values, Values], Html | None]] = {
    "answer": _answer,
    "total": _total,
    "how": _how,
    "on_behalf": _on_behalf,
    "report": _report,
    "evidence": _evidence,
    "role": _role,
    "invitation": _invitation,
    "figure": _figure,
    "area": _area,
    "merger": _merger,
    "total_mark": _total_mark,
    "round": _round,
    "confirmation": _confirmation,
    "difficulty": _difficulty,
    "schedule": _schedule,
    "reminders": _reminders,
    "person": _person,
}
