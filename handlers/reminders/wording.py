"""The text and the buttons of a reminder: which reports, until when, and what they decide."""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from criteria.definition import CriteriaSet
from criteria.scoring import undecided_for
from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from handlers.messages.claim_cache import ClaimCache
from handlers.reminders.checking import Ended, MessageSection, Summary, ToReport
from handlers.report.wording import unit_names
from handlers.rounds.criteria_sets import round_text, set_of
from handlers.status.lines import days_left, deadline_line, reports_lines, reports_text, totals_line
from handlers.status.view import awaited, names_of
from handlers.texts import Html, Texts
from storage.places import places
from storage.places.places import Unit
from storage.rounds.rounds import Round

UnitName = Callable[[Unit], str]  # as the person who gets the message has to read it
_MOST_REPORT_BUTTONS = 4
_MOST_INDICATORS = 3
_NAMES_LENGTH = 300
_MOST_BUTTONS = 8
_LAST_EVENING_HOUR = 18  # later, "tonight" would be at once


def reminder_screen(
    parts: list[MessageSection], texts: Texts, cache: ClaimCache, person_id: int
) -> Screen:
    """Return one message for all its parts, with buttons to the reports and the status."""

    def name(unit: Unit) -> str:
        return cache.unit_name(person_id, unit, texts)

    sections: list[str] = []
    rows: list[tuple[Button, ...]] = []
    to_report = [part for part in parts if isinstance(part, ToReport)]
    for part in parts:
        if isinstance(part, ToReport):
            sections += _to_report(part, texts, cache, name)
        elif isinstance(part, Summary):
            sections.append(_summary(part, texts, cache))
        elif isinstance(part, Ended):
            sections.append(_ended(part, texts, cache, name))
    rows += _report_buttons(to_report, texts, cache)
    rows += [
        (Button(texts.say("remind.button.status"), pack("s.full", part.status.id)),)
        for part in parts
        if isinstance(part, Summary) or (isinstance(part, Ended) and part.leads)
    ]
    if to_report:
        rows += _later_buttons(to_report, texts, cache)
        rows += _evening_buttons(to_report, sum(map(len, rows)), texts)
    return Screen("\n\n".join(dict.fromkeys(sections)), tuple(rows))


def deadline_text(round_: Round, now: datetime, texts: Texts, zone: ZoneInfo) -> Html:
    """Return the deadline with the days that are left: "Hạn gửi: 25/11, còn 3 ngày."."""
    deadline, closes = texts.day(round_.deadline, zone), texts.day(round_.closes_at, zone)
    shown = {"deadline": Html(deadline), "closes": Html(closes)}
    if now > round_.deadline:
        last = days_left(round_.closes_at, now, zone)
        key = {0: "remind.close_today", 1: "remind.close_tomorrow"}.get(last, "remind.overdue")
        return texts.say(key, **shown)
    days = days_left(round_.deadline, now, zone)
    key = {0: "remind.today", 1: "remind.tomorrow"}.get(days, "remind.days")
    return texts.say(key, days=days, deadline=shown["deadline"])


def _to_report(part: ToReport, texts: Texts, cache: ClaimCache, name: UnitName) -> list[str]:
    round_, zone = part.round, cache.deployment.zone
    criteria = set_of(round_)
    units = [cache.units(round_.id)[one] for one in part.units]
    lines: list[str] = []
    if part.nudged:
        lines.append(
            texts.say("remind.nudged", commune=places.commune(cache.tx, round_.commune_id).name)
        )
    if part.opening:
        lines.append(texts.say("remind.opening", round=round_text(round_, texts)))
    first = units[:_MOST_REPORT_BUTTONS]
    lines += [_asked(round_, unit, criteria, texts, cache, name) for unit in first]
    if len(units) > _MOST_REPORT_BUTTONS:
        left = units[_MOST_REPORT_BUTTONS:]
        names = texts.listed((name(one) for one in left), most=_NAMES_LENGTH)
        lines.append(texts.say("remind.more", names=names))
    lines.append(deadline_text(round_, cache.now, texts, zone))
    if part.evenings in {"begin", "over"}:
        lines.append(texts.say(f"evening.{part.evenings}"))
    lines += [one for unit in units if (one := _decides(part, unit, criteria, texts, name))]
    return ["\n".join(lines)]


def _asked(
    round_: Round, unit: Unit, criteria: CriteriaSet, texts: Texts, cache: ClaimCache,
    name: UnitName,
) -> Html:  # fmt: skip
    """Return the request for one unit: to begin, to go on, to send, or to check again."""
    report = cache.reports(round_.id).get(unit.id)
    count = len(criteria.asked_of(office=unit.office))
    answered = cache.answered(round_.id, unit.id)
    state = report.state if report is not None else "none"
    key = "remind.begin" if not answered else "remind.go_on"
    if answered == count:
        key = "remind.send"
    if state == "returned":
        key = "remind.returned"
    return texts.say(
        key, unit=name(unit), round=round_text(round_, texts), count=count, answered=answered
    )


def _decides(
    part: ToReport, unit: Unit, criteria: CriteriaSet, texts: Texts, name: UnitName
) -> Html | None:
    codes = undecided_for(part.result, unit.id)
    if not codes:
        return None
    names = [texts.short(criteria.indicator(code)) for code in codes]
    key = "remind.decides" if len(names) <= _MOST_INDICATORS else "remind.decides_more"
    shown = {"unit": name(unit), "names": ", ".join(names), "count": len(names)}
    return texts.say(key, **shown)


def _summary(part: Summary, texts: Texts, cache: ClaimCache) -> str:
    status = part.status
    lines: list[str] = [
        texts.say("status.title", commune=status.commune.name, round=status.round_title(texts)),
        deadline_line(status, texts, cache.deployment.zone),
        *reports_lines(status, texts),
        totals_line(status, texts),
    ]  # fmt: skip
    for key, units in awaited(status):
        lines.append(texts.say(key, count=len(units), names=names_of(status, units, texts)))
    return "\n".join(lines)


def _ended(part: Ended, texts: Texts, cache: ClaimCache, name: UnitName) -> str:
    status = part.status
    lines: list[str] = [texts.say("remind.end", round=status.round_title(texts))]
    for unit in part.units:
        report = cache.reports(status.id).get(unit)
        office = unit == status.facts.office
        key = "remind.end_missing_office" if office else "remind.end_missing"
        if status.is_in(unit):
            key = "remind.end_late" if report is not None and report.late else "remind.end_in"
        elif report is not None and report.state == "returned":
            key = "remind.end_returned"
        lines.append(texts.say(key, unit=name(status.units[unit])))
    lines += [
        "",
        reports_text(status, texts, "status.reports_of"),
        totals_line(status, texts),
    ]  # fmt: skip
    return "\n".join(lines)


def _report_buttons(
    parts: list[ToReport], texts: Texts, cache: ClaimCache
) -> list[tuple[Button, ...]]:
    """Return a button to the first open question of each report."""
    asked = list(dict.fromkeys((part.round, unit) for part in parts for unit in part.units))
    if len(asked) == 1:
        (round_, unit_id), label = asked[0], texts.say("button.report")
        return [(Button(label, pack("pick", round_.id, unit_id)),)]
    rounds_named = {round_text(round_, texts) for round_, _ in asked}
    names = unit_names(cache.tx, (cache.units(round_.id)[unit] for round_, unit in asked), texts)
    rows: list[tuple[Button, ...]] = []
    several = len(asked) > _MOST_REPORT_BUTTONS  # the last button leads to the list of all
    for round_, unit_id in asked[: _MOST_REPORT_BUTTONS - several]:
        unit = names[unit_id]
        name = f"{unit} · {round_text(round_, texts)}" if len(rounds_named) > 1 else unit
        rows.append((Button(f"📝 {name}", pack("pick", round_.id, unit_id)),))
    if several:
        rows.append((Button(texts.say("button.report"), pack("rep")),))
    return rows


def _later_buttons(
    parts: list[ToReport], texts: Texts, cache: ClaimCache
) -> list[tuple[Button, ...]]:
    round_id = parts[0].round.id
    later = [Button(texts.say("remind.button.tomorrow"), pack("r.tomorrow", round_id))]
    if cache.now.astimezone(cache.deployment.zone).hour < _LAST_EVENING_HOUR:
        evening = Button(texts.say("remind.button.evening"), pack("r.evening", round_id))
        later.insert(0, evening)
    mute = Button(texts.say("remind.button.mute"), pack("r.mute", round_id))
    return [tuple(later), (mute,)]


def _evening_buttons(parts: list[ToReport], above: int, texts: Texts) -> list[tuple[Button, ...]]:
    """Return the button to choose or to end the evening questions, if the screen has room."""
    found = {part.evenings for part in parts}
    key = "off" if found & {"begin", "go_on"} else "on" if "offered" in found else None
    if key is None or above >= _MOST_BUTTONS:
        return []
    return [(Button(texts.say(f"evening.button.{key}"), pack(f"e.{key}")),)]
