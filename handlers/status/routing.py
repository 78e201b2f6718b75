"""Who sees which status: by role, and every "s." button with its right checked again."""

from collections.abc import Callable

from handlers.channel import Button, Reply, Screen
from handlers.criteria_sets import round_names
from handlers.presses import Press, pack
from handlers.status.areas import area_screen, areas_screen
from handlers.status.buttons import more_screen, overview_rows
from handlers.status.changing import changes_screen, day_before
from handlers.status.communes import communes_screen, named
from handlers.status.communes import same_name_screen as same_communes_screen
from handlers.status.copying import copy_screen
from handlers.status.files import MAKE, exported, files_screen
from handlers.status.indicators import indicator_screen, indicators_screen
from handlers.status.loading import (
    answered_in,
    entered_by_office,
    pending_totals,
    picture_of,
    rounds_shown,
)
from handlers.status.overview import overview
from handlers.status.own import Own, own_screen
from handlers.status.picture import Picture
from handlers.status.supposing import supposed
from handlers.status.todo import todo_screen
from handlers.turn import Turn
from storage import places, reports, rounds
from storage.evidence import evidence_counts
from storage.places import Commune
from storage.rounds import Round

_MOST_ROUNDS = 6
_MOST_OWN = 3
_MOST_DAYS = 400


def status_press(turn: Turn, press: Press) -> Reply | None:
    """What a status button opens; None when it isn't this person's to see (any more)."""
    if press.action == "s.home":
        return turn.shows(own_status(turn), edit=False)
    if press.action == "s.own":
        return turn.shows(_own(turn)) if turn.areas else None
    if press.action == "s.all":
        return turn.shows(_communes(turn, press.number(0) or 0))
    if press.action == "s.commune":
        commune_id = press.number(0)
        if commune_id is None or not _may_read(turn, commune_id):
            return None
        return turn.shows(_commune(turn, commune_id))
    round_ = _readable_round(turn, press.number(0))
    if round_ is None or (press.action not in SCREENS and press.action != MAKE):
        return None
    return opened(turn, press, picture_of(turn.tx, round_, turn.now))


def opened(turn: Turn, press: Press, picture: Picture, *, edit: bool = True) -> Reply | None:
    """What a button shows of a round that the person may read."""
    if press.action == MAKE:
        return exported(turn, picture, press, everything=_runs(turn, picture.commune_id))
    screen = SCREENS[press.action](turn, picture, press)
    edit = edit and press.action != "s.copy"
    return turn.shows(screen, edit=edit) if screen is not None else None


# --- what a role sees first ---------------------------------------------------------------------


def own_status(turn: Turn) -> Screen:
    """What a role sees first."""
    if turn.operator or len(turn.communes_read) > 1:
        return _communes(turn, 0)
    if turn.communes_read:
        return _commune(turn, turn.communes_read[0])
    if turn.areas:
        return _own(turn)
    return _sentence(turn, "status.nothing_to_see")


def _commune(turn: Turn, commune_id: int) -> Screen:
    """The commune's one round, else which of them."""
    found = rounds_shown(turn.tx, commune_id, turn.now)
    if not found:
        return _without_round(turn, commune_id)
    if len(found) == 1:
        return _overview(turn, picture_of(turn.tx, found[0], turn.now))
    names = round_names(found, turn.texts.language)
    rows = tuple((Button(names[one.id], pack("s.full", one.id)),) for one in found[:_MOST_ROUNDS])
    home = (Button(turn.texts.say("button.home"), pack("home")),)
    return Screen(turn.texts.say("status.which_round"), (*rows, home))


def _without_round(turn: Turn, commune_id: int) -> Screen:
    """What there is to do for a commune in which nothing has begun."""
    if not turn.operator and len(turn.communes_read) == 1:
        return _sentence(turn, "status.no_round")
    texts, name = turn.texts, places.commune(turn.tx, commune_id).name
    rows: list[tuple[Button, ...]] = []
    if turn.operator:
        rows.append((Button(texts.say("operating.button.invite"), pack("o.inv1", commune_id)),))
    rows.append((Button(texts.say("status.button.communes"), pack("s.all")),))
    rows.append((Button(texts.say("button.home"), pack("home")),))
    return Screen(texts.say("status.communes.nothing_yet", commune=name), tuple(rows))


def _communes(turn: Turn, page: int) -> Screen:
    readable = _readable_communes(turn)
    return communes_screen(turn.tx, readable, page, turn.now, turn.texts, turn.house.zone)


def _own(turn: Turn) -> Screen:
    """The person's areas in every round that is shown of their communes."""
    by_commune: dict[int, list[int]] = {}
    for unit_id in turn.areas:
        by_commune.setdefault(places.unit(turn.tx, unit_id).commune_id, []).append(unit_id)
    found: list[Own] = []
    for commune_id, units in by_commune.items():
        for round_ in rounds_shown(turn.tx, commune_id, turn.now):
            picture = picture_of(turn.tx, round_, turn.now)
            mine = {
                unit: answered_in(turn.tx, round_.id, unit)
                for unit in units
                if unit in picture.units
            }
            if mine:
                found.append((picture, mine))
    if not found:
        return _sentence(turn, "status.no_round")
    return own_screen(found[:_MOST_OWN], turn.texts, turn.house.zone)


# --- rights -------------------------------------------------------------------------------------


def _may_read(turn: Turn, commune_id: int) -> bool:
    if commune_id in turn.communes_read:
        return True
    return turn.operator and any(one.id == commune_id for one in _readable_communes(turn))


def _readable_communes(turn: Turn) -> list[Commune]:
    """The communes of the operator, and those the person leads or works for."""
    found = {one: places.commune(turn.tx, one) for one in turn.communes_read}
    found |= {one.id: one for one in _operated_communes(turn)}
    return list(found.values())


def _runs(turn: Turn, commune_id: int) -> bool:
    """Whether the person is an officer there, or the operator over it."""
    if commune_id in turn.office_communes:
        return True
    return turn.operator and any(one.id == commune_id for one in _operated_communes(turn))


def _operated_communes(turn: Turn) -> list[Commune]:
    """All communes for the operator of the installation, a group's for its own."""
    groups = [m.group_name for m in turn.memberships if m.role == "operator"]
    if turn.incoming.sender.address in turn.house.operator_ids:
        groups.append(None)
    if None in groups:
        return places.communes(turn.tx)
    return [one for group in groups for one in places.communes(turn.tx, group)]


def _readable_round(turn: Turn, round_id: int | None) -> Round | None:
    round_ = rounds.round_by_id(turn.tx, round_id) if round_id is not None else None
    if round_ is None or round_.state in {"planned", "cancelled"}:
        return None
    return round_ if _may_read(turn, round_.commune_id) else None


# --- screens ------------------------------------------------------------------------------------


def _overview(turn: Turn, picture: Picture) -> Screen:
    return overview(
        picture,
        turn.texts,
        turn.house.zone,
        officer=picture.commune_id in turn.office_communes,
        rows=overview_rows(turn, picture, everything=_runs(turn, picture.commune_id)),
    )


def _area(turn: Turn, picture: Picture, press: Press) -> Screen | None:
    unit = press.number(1)
    if unit is None or unit not in picture.units:
        return None
    pending = pending_totals(turn.tx, picture.round_id, unit)
    report = reports.report_of(turn.tx, picture.round_id, unit)
    screen = area_screen(
        picture,
        unit,
        turn.texts,
        pending,
        report=report.id if report is not None else None,
        officer=picture.commune_id in turn.office_communes,
        entered=entered_by_office(turn.tx, picture.round_id, unit),
    )
    if picture.commune_id not in turn.communes_read:
        return screen
    beside = [Button(turn.texts.say("status.button.history"), pack("h.area", unit))]
    if report is not None and report.sends:
        count = sum(count for count, _ in evidence_counts(turn.tx, report.id).values())
        label = turn.texts.say("review.button.evidence", count=count)
        beside += [Button(label, pack("v.evid", report.id))] if count else []
    return Screen(screen.text, (tuple(beside), *screen.rows))


def _indicator(turn: Turn, picture: Picture, press: Press) -> Screen | None:
    if all(one.code != press.text(1) for one in picture.result.indicators):
        return None
    officer = picture.commune_id in turn.office_communes
    page = press.number(2) or 0
    return indicator_screen(picture, press.text(1), page, turn.texts, officer=officer)


def why_screen(turn: Turn, picture: Picture, press: Press) -> Screen | None:
    """What changed since so many days ago; since yesterday when the button doesn't say."""
    days, zone = press.number(1) or 1, turn.house.zone
    round_ = rounds.round_by_id(turn.tx, picture.round_id)
    if round_ is None or days > _MOST_DAYS:
        return None
    since = max(day_before(turn.now, days, zone), round_.opens_at)
    before = picture_of(turn.tx, round_, turn.now, at=since)
    return changes_screen(before, picture, turn.texts, zone)


SCREENS: dict[str, Callable[[Turn, Picture, Press], Screen | None]] = {
    "s.full": lambda turn, picture, _: _overview(turn, picture),
    "s.areas": lambda turn, picture, press: areas_screen(picture, press.number(1) or 0, turn.texts),
    "s.area": _area,
    "s.inds": lambda turn, picture, press: indicators_screen(
        picture, press.number(1) or 0, turn.texts
    ),
    "s.ind": _indicator,
    "s.todo": lambda turn, picture, _: todo_screen(picture, turn.texts),
    "s.copy": lambda turn, picture, _: copy_screen(picture, turn.texts, turn.house.zone),
    "s.if": lambda turn, picture, press: supposed(picture, press, turn.texts),
    "s.why": why_screen,
    "s.more": lambda turn, picture, _: more_screen(
        turn, picture, everything=_runs(turn, picture.commune_id)
    ),
    "s.files": lambda turn, picture, _: files_screen(
        turn, picture, everything=_runs(turn, picture.commune_id)
    ),
}


def commune_named(turn: Turn, text: str) -> Screen | None:
    """The commune of several that a typed name means, or those that it may mean."""
    same = named(_readable_communes(turn), text)
    if len(same) > 1:
        return same_communes_screen(turn.tx, same, turn.now, turn.texts, turn.house.zone)
    return _commune(turn, same[0].id) if same else None


def _sentence(turn: Turn, key: str) -> Screen:
    home = (Button(turn.texts.say("button.home"), pack("home")),)
    return Screen(turn.texts.say(key), (home,))
