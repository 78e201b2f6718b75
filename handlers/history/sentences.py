"""One change as a sentence: who, when, what, from what to what, by which way."""

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
from storage.history import Entry
from storage.people import people
from storage.places import places
from storage.places.roster import AREA_FIELDS
from storage.reminders import reminder_plans
from storage.reports import answer_values
from storage.rounds import rounds
from storage.rounds.rounds import Round

Kept = Mapping[str, Any]
_WAYS_UNSAID = frozenset({"start"})
_WAYS_OF_PROGRAM = frozenset({"schedule", "clock"})
_LONGEST = 160
_ABOUT_PEOPLE = frozenset({"role", "invitation", "person"})


@dataclass(frozen=True, slots=True)
class Reader:
    """The language and zone of the sentences, and the rounds that the changes belong to.

    `quotes`: whether they have what people wrote, which may name somebody.
    """

    tx: Connection
    texts: Texts
    zone: ZoneInfo
    rounds: dict[int, Round | None] = field(default_factory=dict)
    quotes: bool = True

    def indicator(self, entry: Entry, code: str | None = None) -> Indicator | None:
        """The indicator that a change is about (or another one), as the change's round has it."""
        if entry.round_id is None:
            return None
        if entry.round_id not in self.rounds:
            self.rounds[entry.round_id] = rounds.round_by_id(self.tx, entry.round_id)
        round_ = self.rounds[entry.round_id]
        known = set_of(round_).indicators if round_ is not None else ()
        return next((one for one in known if one.code == (code or entry.indicator)), None)

    def short(self, entry: Entry, code: str | None = None) -> str:
        """Its short name."""
        found = self.indicator(entry, code)
        return self.texts.short(found) if found else code or entry.indicator or "—"

    def day(self, kept: Kept, name: str) -> Html:
        """A kept instant as a day."""
        return Html(self.texts.full_day(datetime.fromisoformat(kept[name]), self.zone))


def sentence(read: Reader, entry: Entry) -> Html:
    """The whole line."""
    way = way_of(read, entry)
    return read.texts.say(
        "history.line" if way else "history.line_bare",
        when=_moment(read, entry),
        who=who(read, entry),
        way=way,
        what=what(read, entry),
    )


def _moment(read: Reader, entry: Entry) -> str:
    """The minute with its year: a history goes back a long way."""
    return f"{entry.at.astimezone(read.zone):%H:%M} {read.texts.full_day(entry.at, read.zone)}"


def impersonal(entry: Entry) -> Entry:
    """The change without the person who made it, for files and for screens that many see."""
    return replace(entry, name=None, person_id=None)


def without_names(read: Reader, entry: Entry) -> Html | None:
    """When and what, by which way; neither who nor what was written. None: it is about a person."""
    if entry.what in _ABOUT_PEOPLE:
        return None
    told, read = impersonal(entry), replace(read, quotes=False)
    way = way_of(read, told)
    key = "history.impersonal" if way else "history.impersonal_bare"
    return read.texts.say(key, when=_moment(read, entry), way=way, what=what(read, told))


def who(read: Reader, entry: Entry) -> str:
    """The person's name; somebody forgotten is a former member, nobody is the program.

    Where the name was erased because the round closed long ago, it says so.
    """
    if entry.person_id is not None:
        return entry.name or read.texts.say("former_member")
    by_hand = entry.way in {"import", "command"}
    if entry.erased and not by_hand and entry.way not in _WAYS_OF_PROGRAM:
        return read.texts.say("erased")
    return read.texts.say("history.who.installation" if by_hand else "history.who.program")


def way_of(read: Reader, entry: Entry) -> str:
    """By which way, in words; empty where it goes without saying."""
    key = f"history.way.{entry.way}"
    known = entry.way not in _WAYS_UNSAID and read.texts.has(key)
    return read.texts.say(key) if known else ""


def what(read: Reader, entry: Entry) -> Html:
    """What changed, without who and when."""
    old, new = entry.old or {}, entry.new or {}
    tell = _TOLD.get(entry.what)
    told = tell(read, entry, old, new) if tell is not None else None
    if told is not None:
        return told
    was, now = _fields(old) or "—", _fields(new) or "—"  # field by field
    return read.texts.say("history.other", what=entry.what, old=was, new=now)


def _answer(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    before, after = _value(read, entry, old), _value(read, entry, new)
    short = read.short(entry)
    if not old or old.get("state") == "none":
        said = read.texts.say("history.answer_first", short=short, new=after)
    else:
        said = read.texts.say("history.answer", short=short, old=before, new=after)
    return _because(read, said, new.get("reason"))


def _total(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    """Which of two totals the office took: the area's, which the answer has."""
    before, after = old.get("commune_total"), new.get("denominator")
    if before is None or after is None:
        return None
    numbers = {"old": read.texts.number(before), "new": read.texts.number(after)}
    return read.texts.say("history.total", short=read.short(entry), **numbers)


def _value(read: Reader, entry: Entry, kept: Kept) -> Html:
    state = kept.get("state", "none")
    if state in {"none", "unknown"}:
        return read.texts.say(f"history.value.{state}")
    value = answer_values.from_json(kept)
    if value is None:
        return Html("—")
    said = value_text(value, read.texts, read.indicator(entry))
    return with_how(said, kept.get("how"), read.texts)


def _how(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    """By which method a number was counted, said after it."""
    key = f"how.{new.get('how')}"
    if not read.texts.has(key):
        return None
    return read.texts.say("history.how", short=read.short(entry), how=read.texts.say(key))


def _report(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    state = new.get("state")
    if state == "returned":
        names = ", ".join(read.short(entry, code) for code in new.get("indicators", ()))
        said = read.texts.say("history.report.returned", names=names or "—")
        return _because(read, said, new.get("note"))
    if state == "sent" and old is not None and old.get("state") == "accepted":
        return read.texts.say("history.report.taken_back")
    if state == "sent":
        again = (new.get("sends") or 1) > 1
        late = bool(new.get("late")) and not again
        key = "again" if again else "late" if late else "sent"
        return read.texts.say(f"history.report.{key}", code=new.get("code") or "—")
    return read.texts.say(f"history.report.{state}") if state in {"draft", "accepted"} else None


def _on_behalf(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    key = f"history.on_behalf.{new.get('office')}"
    return read.texts.say(key, short=read.short(entry)) if read.texts.has(key) else None


def _evidence(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    key = "history.evidence.added" if new else "history.evidence.removed"
    short = read.short(entry) if entry.indicator else read.texts.say("sheet.whole")
    return read.texts.say(key, short=short)


def _role(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    """Joined, left, given by the office to somebody, taken away, or handed over."""
    role = new.get("role") or old.get("role")
    if role is None or not read.texts.has(f"history.roles.{role}"):
        return None
    before, after = old.get("person"), new.get("person")
    key = "given" if new.get("role") else "moved" if new.get("state") == "moved" else "ended"
    if before is not None and after is not None:
        key = "handed_over"
    elif (before or after or entry.person_id) != entry.person_id:
        key = f"{key}_to"
    return read.texts.say(
        f"history.role.{key}",
        role=read.texts.say(f"history.roles.{role}"),
        old=_name(read, before),
        new=_name(read, after or before),
    )


def _name(read: Reader, person_id: int | None) -> str:
    person = people.person(read.tx, person_id) if person_id is not None else None
    return (person.name if person is not None else None) or read.texts.say("former_member")


def _invitation(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    role, state = new.get("role"), new.get("state")
    if state not in {"created", "revoked"} or not read.texts.has(f"history.roles.{role}"):
        return None
    return read.texts.say(
        f"history.invitation.{state}", role=read.texts.say(f"history.roles.{role}")
    )


def _figure(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    key = f"history.figures.{new.get('kind')}"
    kind = read.texts.say(key) if read.texts.has(key) else str(new.get("kind") or "—")
    return read.texts.say("history.figure", kind=kind, old=_count(read, old), new=_count(read, new))


def _area(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    """An area founded, or each thing of it that became another."""
    if not old:
        return read.texts.say("history.area.founded", label=new.get("label") or "—")
    parts = [
        read.texts.say(
            f"history.area.{name}" if new[name] is not None else f"history.area.no_{name}",
            old=_area_value(read, name, old.get(name)),
            new=_area_value(read, name, new[name]),
        )
        for name in AREA_FIELDS
        if name in new
    ]
    return Html("; ".join(parts)) if parts else None


def _area_value(read: Reader, name: str, value: str | int | None) -> str:
    if value is None:
        return "—"
    if name in {"valid_from", "valid_to"}:
        return read.texts.full_day(date.fromisoformat(str(value)), read.zone)
    return str(value)


def _merger(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    units = places.units_by_ids(read.tx, list(new.get("into", ())))
    names = ", ".join(read.texts.unit(one) for one in units)
    key = "none" if not units else "merged" if len(units) == 1 else "split"
    return read.texts.say(f"history.merger.{key}", names=names)


def _total_mark(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    """The commune's new figure, beside a pair that stays as it is."""
    key = "history.total_differs" if "commune_total" in new else "history.total_agrees"
    total = new.get("commune_total") or new.get("denominator") or 0
    value = _value(read, entry, new)
    return read.texts.say(key, short=read.short(entry), value=value, total=total)


def _count(read: Reader, kept: Kept) -> str:
    value = kept.get("value")
    return read.texts.number(value) if isinstance(value, int) else "—"


def _round(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    texts, name = read.texts, new.get("name") or "—"
    if "open_until" in new:
        said = texts.say("history.round.area_reopened", until=read.day(new, "open_until"))
        return _because(read, said, new.get("reason"))
    state, before = new.get("state"), old.get("state")
    if state != before and state in {"planned", "open", "closed", "cancelled"}:
        key = "reopened" if state == "open" and before == "closed" else state
        until = read.day(new, "closes_at" if key == "reopened" else "deadline")
        said = texts.say(f"history.round.{key}", name=name, until=until)
        why = new.get("reason") if key in {"cancelled", "reopened"} else None
        return _because(read, said, why)
    if not old:
        return None
    return texts.say(
        "history.round.moved",
        name=name,
        old=read.day(old, "deadline"),
        new=read.day(new, "deadline"),
        closes=read.day(new, "closes_at"),
    )


def _confirmation(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    short = read.short(entry)
    if not new or "answer" not in new:
        return read.texts.say("history.confirmation.revoked", short=short)
    answer = read.texts.say("value.yes" if new["answer"] else "value.no")
    said = read.texts.say("history.confirmation.given", short=short, answer=answer)
    return _because(read, said, new.get("reason"))


def _difficulty(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    if new.get("photo"):
        return read.texts.say("history.difficulty.photo")
    state = new.get("state")
    if state not in {"open", "answered", "passed_up", "settled", "reopened"}:
        return None
    one = difficulties.difficulty_by_id(read.tx, new.get("id") or 0)
    text = (one.text if state == "open" else one.answer) if one is not None else None
    said = shortened(text or "—", _LONGEST) if read.quotes else "…"
    return read.texts.say(f"history.difficulty.{state}", text=said)


def _person(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html | None:
    key = f"history.person.{new.get('state')}"
    return read.texts.say(key) if read.texts.has(key) else None


def _schedule(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    if not new:
        return read.texts.say("history.schedule.off")
    schedule = Schedule(Every(new["every"]), new["opens_on"], new["deadline_on"])
    return read.texts.say("history.schedule.set", how=schedule_words(read.texts, schedule))


def _reminders(read: Reader, entry: Entry, old: Kept, new: Kept) -> Html:
    entries = reminder_plans.entries_from(new["entries"])
    days = ", ".join(entry_words(read.texts, one) for one in entries)
    hour = new["at"][: len("08:00")]
    return read.texts.say("history.reminders", days=Html(days or "—"), hour=hour)


def _fields(kept: Kept) -> str:
    fields = ", ".join(f"{name}: {value}" for name, value in kept.items() if name != "v")
    return shortened(fields, _LONGEST)


def _because(read: Reader, said: Html, reason: str | None) -> Html:
    if not reason or not read.quotes:
        return said
    return Html(said + read.texts.say("history.because", reason=shortened(reason, _LONGEST)))


_TOLD: dict[str, Callable[[Reader, Entry, Kept, Kept], Html | None]] = {
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
