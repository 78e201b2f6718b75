"""Who sees which status: by role, and every "s." button with its right checked again."""

from collections.abc import Callable, Sequence

from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.press import Press, pack
from handlers.operator.communes import operated, operates
from handlers.rounds.criteria_sets import round_names
from handlers.status.areas import area_screen, areas_screen
from handlers.status.buttons import more_screen, overview_rows
from handlers.status.changes import changes_screen, day_before
from handlers.status.communes import communes_screen, named
from handlers.status.communes import same_name_screen as same_communes_screen
from handlers.status.files import MAKE, exported, files_screen
from handlers.status.indicators import indicator_screen, indicators_screen
from handlers.status.loading import (
    answered_in,
    entered_by_office,
    load_status,
    load_status_before,
    pending_totals,
    rounds_shown,
)
from handlers.status.overview import overview
from handlers.status.own import Own, own_screen
from handlers.status.plain_text import copy_screen
from handlers.status.todo import todo_screen
from handlers.status.view import StatusView
from handlers.status.what_if import supposed
from storage import places, reports, rounds
from storage.evidence import evidence_counts
from storage.places import Commune
from storage.rounds import Round

_MOST_ROUNDS = 6
_MOST_OWN = 3
_MOST_DAYS = 400


def status_home(context: Context, press: Press) -> Reply | None:
    """The status as a new message: what the button stands on (a receipt) stays."""
    return context.shows(own_status(context), edit=False)


def status_press(context: Context, press: Press) -> Reply | None:
    """What a status button opens; None when it isn't this person's to see (any more)."""
    if press.action == "s.home":
        return context.shows(own_status(context), edit=False)
    if press.action == "s.own":
        return context.shows(_own(context)) if context.areas else None
    if press.action == "s.all":
        return context.shows(_communes(context, press.number(0) or 0))
    if press.action == "s.commune":
        commune_id = press.number(0)
        if commune_id is None or not _may_read(context, commune_id):
            return None
        return context.shows(_commune(context, commune_id))
    round_ = _readable_round(context, press.number(0))
    if round_ is None or (press.action not in SCREENS and press.action != MAKE):
        return None
    status = load_status(context.tx, round_, context.now)
    if press.action == MAKE:
        return exported(context, status, press, everything=runs(context, status.commune_id))
    screen = SCREENS[press.action](context, status, press)
    return context.shows(screen, edit=press.action != "s.copy") if screen is not None else None


# --- what a role sees first ---------------------------------------------------------------------


def own_status(context: Context) -> Screen:
    """What a role sees first."""
    if context.operator or len(context.communes_read) > 1:
        return _communes(context, 0)
    if context.communes_read:
        return _commune(context, context.communes_read[0])
    if context.areas:
        return _own(context)
    return _sentence(context, "status.nothing_to_see")


def _commune(context: Context, commune_id: int) -> Screen:
    """The commune's one round, else which of them."""
    found = rounds_shown(context.tx, commune_id, context.now)
    if not found:
        return _without_round(context, commune_id)
    if len(found) == 1:
        return _overview(context, load_status(context.tx, found[0], context.now))
    names = round_names(found, context.texts.language)
    rows = tuple((Button(names[one.id], pack("s.full", one.id)),) for one in found[:_MOST_ROUNDS])
    home = (Button(context.texts.say("button.home"), pack("home")),)
    return Screen(context.texts.say("status.which_round"), (*rows, home))


def _without_round(context: Context, commune_id: int) -> Screen:
    """What there is to do for a commune in which nothing has begun."""
    if not context.operator and len(context.communes_read) == 1:
        return _sentence(context, "status.no_round")
    texts, name = context.texts, places.commune(context.tx, commune_id).name
    rows: list[tuple[Button, ...]] = []
    if context.operator:
        rows.append((Button(texts.say("operating.button.invite"), pack("o.inv1", commune_id)),))
    rows.append((Button(texts.say("status.button.communes"), pack("s.all")),))
    rows.append((Button(texts.say("button.home"), pack("home")),))
    return Screen(texts.say("status.communes.nothing_yet", commune=name), tuple(rows))


def _communes(context: Context, page: int) -> Screen:
    readable = readable_communes(context)
    return communes_screen(
        context.tx, readable, page, context.now, context.texts, context.deployment.zone
    )


def _own(context: Context) -> Screen:
    """The person's areas in every round that is shown of their communes."""
    by_commune: dict[int, list[int]] = {}
    for unit_id in context.areas:
        by_commune.setdefault(places.unit(context.tx, unit_id).commune_id, []).append(unit_id)
    found: list[Own] = []
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
    if not found:
        return _sentence(context, "status.no_round")
    return own_screen(found[:_MOST_OWN], context.texts, context.deployment.zone)


# --- rights -------------------------------------------------------------------------------------


def _may_read(context: Context, commune_id: int) -> bool:
    if commune_id in context.communes_read:
        return True
    return operates(context, commune_id)


def readable_communes(context: Context) -> list[Commune]:
    """The communes of the operator, and those the person leads or works for."""
    found = {one: places.commune(context.tx, one) for one in context.communes_read}
    found |= {one.id: one for one in operated(context)}
    return list(found.values())


def runs(context: Context, commune_id: int) -> bool:
    """Whether the person is an officer there, or the operator over it."""
    if commune_id in context.office_communes:
        return True
    return operates(context, commune_id)


def _readable_round(context: Context, round_id: int | None) -> Round | None:
    round_ = rounds.round_by_id(context.tx, round_id) if round_id is not None else None
    if round_ is None or round_.state in {"planned", "cancelled"}:
        return None
    return round_ if _may_read(context, round_.commune_id) else None


# --- screens ------------------------------------------------------------------------------------


def _overview(context: Context, status: StatusView) -> Screen:
    return overview(
        status,
        context.texts,
        context.deployment.zone,
        officer=status.commune_id in context.office_communes,
        rows=overview_rows(context, status, everything=runs(context, status.commune_id)),
    )


def _area(context: Context, status: StatusView, press: Press) -> Screen | None:
    unit = press.number(1)
    if unit is None or unit not in status.units:
        return None
    pending = pending_totals(context.tx, status.round_id, unit)
    report = reports.report_of(context.tx, status.round_id, unit)
    screen = area_screen(
        status,
        unit,
        context.texts,
        pending,
        report=report.id if report is not None else None,
        officer=status.commune_id in context.office_communes,
        entered=entered_by_office(context.tx, status.round_id, unit),
    )
    if status.commune_id not in context.communes_read:
        return screen
    beside = [Button(context.texts.say("status.button.history"), pack("h.area", unit))]
    if report is not None and report.sends:
        count = sum(count for count, _ in evidence_counts(context.tx, report.id).values())
        label = context.texts.say("review.button.evidence", count=count)
        beside += [Button(label, pack("v.evid", report.id))] if count else []
    return Screen(screen.text, (tuple(beside), *screen.rows))


def _indicator(context: Context, status: StatusView, press: Press) -> Screen | None:
    if all(one.code != press.text(1) for one in status.result.indicators):
        return None
    officer = status.commune_id in context.office_communes
    page = press.number(2) or 0
    return indicator_screen(status, press.text(1), page, context.texts, officer=officer)


def _why(context: Context, status: StatusView, press: Press) -> Screen | None:
    """What changed since so many days ago; since yesterday when the button doesn't say."""
    days, zone = press.number(1) or 1, context.deployment.zone
    round_ = rounds.round_by_id(context.tx, status.round_id)
    if round_ is None or days > _MOST_DAYS:
        return None
    since = max(day_before(context.now, days, zone), round_.opens_at)
    before = load_status_before(context.tx, status, round_, since)
    return changes_screen(before, status, context.texts, zone)


SCREENS: dict[str, Callable[[Context, StatusView, Press], Screen | None]] = {
    "s.full": lambda context, status, _: _overview(context, status),
    "s.areas": lambda context, status, press: areas_screen(
        status, press.number(1) or 0, context.texts
    ),
    "s.area": _area,
    "s.inds": lambda context, status, press: indicators_screen(
        status, press.number(1) or 0, context.texts
    ),
    "s.ind": _indicator,
    "s.todo": lambda context, status, _: todo_screen(status, context.texts),
    "s.copy": lambda context, status, _: copy_screen(
        status, context.texts, context.deployment.zone
    ),
    "s.if": lambda context, status, press: supposed(status, press, context.texts),
    "s.why": _why,
    "s.more": lambda context, status, _: more_screen(
        context, status, everything=runs(context, status.commune_id)
    ),
    "s.files": lambda context, status, _: files_screen(
        context, status, everything=runs(context, status.commune_id)
    ),
}


def commune_named(context: Context, readable: Sequence[Commune], text: str) -> Screen | None:
    """The commune of several that a typed name means, or those that it may mean."""
    same = named(readable, text)
    if len(same) > 1:
        return same_communes_screen(
            context.tx, same, context.now, context.texts, context.deployment.zone
        )
    return _commune(context, same[0].id) if same else None


def _sentence(context: Context, key: str) -> Screen:
    home = (Button(context.texts.say("button.home"), pack("home")),)
    return Screen(context.texts.say(key), (home,))
