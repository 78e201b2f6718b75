"""What each role sees first; a reporter's own area, what is missing, and the commune in a line."""

from collections.abc import Mapping

from handlers.flow.arguments import OfPage
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, button, page_of
from handlers.flow.rights import EVERYBODY, REPORTER
from handlers.flow.routes import NoArguments, page
from handlers.status.areas import area_head, area_lines, asked_of
from handlers.status.communes import OfCommune, all_communes, one_commune
from handlers.status.lines import STATE_MARKS, deadline_line
from handlers.status.loading import answered_in, load_status, rounds_shown
from handlers.status.view import StatusView, listed
from handlers.texts import Html, Texts
from storage import places

_ROUNDS = 3  # on a page
_MOST_AREAS = 3
_NAMES_LENGTH = 240

_Answered = Mapping[int, frozenset[str]]  # by unit, the indicators that are answered


@page("s.home", NoArguments, right=EVERYBODY, also=("st",), edits=False)
def own_status(context: Context, at: NoArguments) -> Screen | None:
    """The communes, the one commune, or the own areas, by the roles of this moment.

    It is a new message: the message with its button (a receipt) stays.
    """
    if context.operator or len(context.communes_read) > 1:
        return all_communes(context, OfPage(0))
    if context.communes_read:
        commune = places.commune(context.tx, context.communes_read[0])
        return one_commune(context, OfCommune(commune, 0))
    if context.areas:
        return own_areas(context, OfPage(0))
    return Page(context).say("status.nothing_to_see").home().screen()


@page("s.own", OfPage, right=REPORTER)
def own_areas(context: Context, at: OfPage) -> Screen:
    """The person's areas in every round that is shown of their communes, some rounds a page."""
    found, here, pages = page_of(_own(context), at.page, _ROUNDS)
    if not found:
        key = "status.own.not_asked" if _round_is_shown(context) else "status.no_round"
        return Page(context).say(key).home().screen()
    texts, zone = context.texts, context.deployment.zone
    lines: list[str] = []
    room = _MOST_AREAS
    for status, answered in found:
        units = list(answered)
        for unit in units[:room]:
            lines += [*_unit_lines(status, unit, answered[unit], texts), ""]
        if further := units[room:]:
            marks = (f"{STATE_MARKS[status.state_of(u)]} {status.name(u, texts)}" for u in further)
            names = listed(marks, texts, most=_NAMES_LENGTH)
            lines.append(texts.say("status.own.further", names=names))
        room = max(0, room - len(units))
        lines += [deadline_line(status, texts, zone), _commune_line(status, texts), ""]
    made = Page(context).line("\n".join(lines).strip())
    if any(not status.closed for status, _ in found):
        made.row(button(texts, "button.report", "rep"))
    return made.turned(here, pages, own_areas, at).home().screen()


def _round_is_shown(context: Context) -> bool:
    """Whether the person's communes have a round, which asks nothing of their areas."""
    communes = {places.unit(context.tx, one).commune_id for one in context.areas}
    return any(rounds_shown(context.tx, one, context.now) for one in communes)


def _own(context: Context) -> list[tuple[StatusView, _Answered]]:
    by_commune: dict[int, list[int]] = {}
    for unit_id in context.areas:
        by_commune.setdefault(places.unit(context.tx, unit_id).commune_id, []).append(unit_id)
    found: list[tuple[StatusView, _Answered]] = []
    for commune_id, units in by_commune.items():
        for round_ in rounds_shown(context.tx, commune_id, context.now):
            status = load_status(context.tx, round_, context.now)
            mine = {
                unit: answered_in(context.tx, round_.id, unit)
                for unit in units
                if unit in status.units
            }
            if mine:
                found.append((status, mine))
    return found


def _commune_line(status: StatusView, texts: Texts) -> Html:
    """`Cả xã: đạt 5/13 · 9/12 khu đã gửi`."""
    return texts.say(
        "status.own.commune",
        met=status.result.met,
        total=status.result.total,
        done=status.areas_in,
        areas=len(status.areas),
    )


def _unit_lines(status: StatusView, unit: int, answered: frozenset[str], texts: Texts) -> list[str]:
    """What was sent and what is missing; before the sending how far the answers are."""
    asked = asked_of(status, unit)
    if status.is_in(unit):
        missing = [one for one in asked if (unit, one.code) not in status.facts.counted]
        lines = area_lines(status, unit, texts)
        key = "status.own.missing"
    else:
        missing = [one for one in asked if one.code not in answered]
        lines = area_head(status, unit, texts)
        key = "status.own.progress"
    names = listed((one.text(texts.language).short for one in missing), texts, most=_NAMES_LENGTH)
    if missing:
        done, total = len(asked) - len(missing), len(asked)
        lines.append(texts.say(key, count=len(missing), done=done, total=total, names=names))
    elif not status.is_in(unit):
        lines.append(texts.say("status.own.answered", total=len(asked)))
    return lines
