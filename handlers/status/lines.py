"""Lines of the status: one indicator, the deadline, the reports, the totals; and the way back."""

from datetime import datetime
from zoneinfo import ZoneInfo

from criteria.answers import COUNTING_METHODS
from criteria.definition import RollUp
from criteria.percent import percent_text
from criteria.scoring import IndicatorResult, Verdict, YesNoFigures
from handlers.flow.channel import Button
from handlers.flow.page import button
from handlers.kinds.base import presentation_of
from handlers.report.wording import bar
from handlers.status.view import RoundProgress, StatusView, totals_by_method
from handlers.texts import Html, Texts

MARKS = {
    Verdict.MET: "✅",
    Verdict.NOT_MET: "❌",
    Verdict.INSUFFICIENT: "⏳",
    Verdict.NOT_APPLICABLE: "➖",
}
STATE_MARKS = {"none": "▫️", "draft": "✍️", "sent": "✅", "accepted": "✅", "returned": "↩️"}
_BAR_STEPS = 12


def indicator_line(status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
    """Return `❌ Tài khoản thanh toán: 74,3 % (cần 85 %), thiếu 212 người`."""
    short = status.short(one.code, texts)
    plain_yes = one.verdict is Verdict.MET and one.roll_up is RollUp.OFFICE
    key = "status.line_bare" if plain_yes else "status.line"
    return texts.say(
        key, mark=MARKS[one.verdict], short=short, said=status_text(status, one, texts)
    )


def status_text(status: StatusView, one: IndicatorResult, texts: Texts) -> Html:
    """Return the text next to an indicator's name."""
    return presentation_of(one.kind).status_text(status, one, texts)


def unit_word(status: StatusView, one: IndicatorResult, texts: Texts) -> str:
    """Return the word for what is counted: người, hồ sơ, cơ sở, cán bộ."""
    return status.criteria.indicator(one.code).text(texts.language).unit or ""


def coverage(one: IndicatorResult, office: int | None, texts: Texts) -> Html:
    """Return `9/12 khu`; it names the office if that is asked too and hasn't answered."""
    areas = [unit for unit in one.units if unit != office]
    parts: list[Html] = []
    if areas:
        counted = sum(unit not in one.missing for unit in areas)
        parts.append(texts.say("status.coverage", counted=counted, units=len(areas)))
    if office is not None and office in one.missing:
        parts.append(texts.say("status.office_missing"))
    return Html(", ".join(parts))


def figure(one: IndicatorResult, texts: Texts) -> Html:
    """Return the bare result: `84,9 %`, `9 khu có, 2 chưa`, `có`; a dash where there is none."""
    return presentation_of(one.kind).figure(one, texts)


def methods_line(status: StatusView, one: IndicatorResult, texts: Texts) -> Html | None:
    """Return the shares of the counting methods; None where no unit named its method."""
    totals = totals_by_method(status, one.code)
    whole = sum(totals.values())
    if not whole or not any(totals.get(way) for way in COUNTING_METHODS):
        return None
    parts = [
        texts.say(
            "status.how_part",
            how=texts.say(f"how.{way or 'untold'}"),
            percent=percent_text(totals[way], whole, None, texts.language),
        )
        for way in (*COUNTING_METHODS, None)
        if totals.get(way)
    ]
    return texts.say("status.how", parts=Html(", ".join(parts)))


def areas_text(figures: YesNoFigures, texts: Texts, *, unknown: bool = True) -> Html:
    """Return `9 khu có, 2 chưa, 1 chưa rõ` without zeros; the last part only with `unknown`."""
    counts = (
        ("yes", len(figures.said_yes)),
        ("no", len(figures.said_no)),
        ("unknown", figures.unknown),
    )
    (first, number), *rest = [one for one in counts if one[1]] or [("unknown", 0)]
    shown = [texts.say(f"status.areas_first_{first}", count=number)]
    others = [(kind, count) for kind, count in rest if unknown or kind != "unknown"]
    shown += [texts.say(f"status.areas_{kind}", count=count) for kind, count in others]
    return Html(", ".join(shown))


def deadline_line(status: StatusView, texts: Texts, zone: ZoneInfo) -> Html:
    """Return `Hạn 25/11, còn 3 ngày`, by the days of the local calendar."""
    closes = texts.day(status.round.closes_at, zone)
    if status.closed:
        return texts.say("status.closed", closes=closes)
    day = texts.day(status.round.deadline, zone)
    days = days_left(status.round.deadline, status.as_of, zone)
    if status.as_of > status.round.deadline:
        return texts.say("status.overdue", deadline=day, closes=closes)
    if days == 0:
        return texts.say("status.due_today", deadline=day)
    return texts.say("status.days_left", deadline=day, days=days)


def days_left(deadline: datetime, now: datetime, zone: ZoneInfo) -> int:
    """Return the days of the local calendar until the deadline's day; negative after it."""
    return (deadline.astimezone(zone).date() - now.astimezone(zone).date()).days


def reports_lines(status: StatusView, texts: Texts) -> list[str]:
    """Return `Đã gửi 9/12 khu · xã: đã gửi` (those that the set asks) and a bar of the areas."""
    done, areas = status.areas_in, len(status.areas)
    steps = min(areas, _BAR_STEPS)
    lines: list[str] = [reports_text(status, texts, "status.reports")]
    if steps:
        lines.append(bar(done * steps // areas, steps))
    return lines


def reports_text(status: StatusView, texts: Texts, key: str = "exports.coverage") -> Html:
    """Return `9/12 khu đã gửi · xã: đã gửi`, only for those that the set asks."""
    return texts.say(
        status.criteria.text_key(key),
        commune=status.commune.name,
        done=status.areas_in,
        areas=len(status.areas),
        office=office_state(status, texts),
    )


def office_state(status: StatusView, texts: Texts) -> Html:
    """Return the state of the office's report as text; empty if the set doesn't ask it."""
    office = status.office
    return Html() if office is None else texts.say(f"status.office_{status.state_of(office)}")


def totals_line(status: StatusView, texts: Texts) -> Html:
    """Return `Đạt 5/13 · chưa đạt 3 · chưa rõ 5`, or the meaning of a complete result."""
    result = status.result
    if result.smart_commune:
        aim = status.criteria.aim
        if aim is None:
            return texts.say("status.all_met", met=result.met, total=result.total)
        reached = aim.text(texts.language)
        return texts.say("status.aim_reached", met=result.met, total=result.total, aim=reached)
    if result.not_applicable and result.met + result.not_applicable == result.total:
        return texts.say(
            "status.all_but_not_applicable",
            met=result.met,
            total=result.total,
            none=result.not_applicable,
        )
    parts = [texts.say("status.met", met=result.met, total=result.total)]
    others = (
        ("status.not_met", result.not_met),
        ("status.open", result.open),
        ("status.none_applicable", result.not_applicable),
    )
    parts += [texts.say(key, count=count) for key, count in others if count]
    return Html(" · ".join(parts))


def to_overview(status: RoundProgress, texts: Texts) -> Button:
    """Return the button back to the overview, the last one of the screens that it opens."""
    return button(texts, "status.button.overview", "s.full", status.id)
