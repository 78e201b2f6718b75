"""A reporter's status: their own area, what is missing, and the commune in one line."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from handlers.channel import Button, Screen
from handlers.presses import pack
from handlers.status.areas import area_lines, unanswered
from handlers.status.lines import deadline_line
from handlers.status.picture import Picture
from handlers.texts import Html, Texts

_MOST_AREAS = 3


def own_screen(
    own: Sequence[tuple[Picture, tuple[int, ...]]], texts: Texts, zone: ZoneInfo
) -> Screen:
    """For each round the areas of this person; each commune in one line."""
    lines: list[str] = []
    writable = False
    for picture, units in own:
        for unit in units[:_MOST_AREAS]:
            lines += [*area_lines(picture, unit, texts), *_missing(picture, unit, texts), ""]
        lines += [*_further(picture, units[_MOST_AREAS:], texts)]
        lines.append(
            deadline_line(
                picture.deadline,
                picture.closes_at,
                picture.as_of,
                texts,
                zone,
                closed=picture.closed,
            )
        )
        lines += [commune_line(picture, texts), ""]
        writable = writable or not picture.closed
    home = Button(texts.say("button.home"), pack("home"))
    report = Button(texts.say("button.report"), pack("rep"))
    rows = ((report,), (home,)) if writable else ((home,),)
    return Screen("\n".join(lines).strip(), rows)


def commune_line(picture: Picture, texts: Texts) -> Html:
    """`Cả xã: đạt 5/13 · 9/12 khu đã gửi`."""
    return texts.say(
        "status.own.commune",
        met=picture.result.met,
        total=picture.result.total,
        done=picture.areas_in,
        areas=len(picture.areas),
    )


def _missing(picture: Picture, unit: int, texts: Texts) -> list[Html]:
    count = unanswered(picture, unit)
    if not picture.is_in(unit):
        return [texts.say("status.own.not_sent")] if not picture.closed else []
    return [texts.say("status.own.missing", count=count)] if count else []


def _further(picture: Picture, units: Sequence[int], texts: Texts) -> list[str]:
    return [
        texts.say(
            "status.own.further",
            unit=picture.name(unit, texts),
            state=texts.say(f"status.state.{picture.state_of(unit)}"),
        )
        for unit in units
    ]
