"""Opening a round: its name, its deadline, a preview, and only then it is open."""

from datetime import date, timedelta

from criteria.set_file import shipped_ids, shipped_text
from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.managing.periods import (
    CLOSE_AFTER,
    dates_text,
    day_from,
    end_of,
    refused_day,
    said_day,
    suggested,
    tag,
)
from handlers.managing.steps import Deed, Next, Said, Take, View, back, button, to
from handlers.presses import Press, pack
from handlers.texts import Html
from handlers.turn import Turn
from storage import rounds
from storage.places import Commune
from storage.rounds import Round

_LONGEST_NAME = 60
_MONTHS_OF_QUARTER = 3


def _ask_name(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    texts = turn.texts
    leaves = back(texts, "m.rounds", commune.id)
    standing = _standing(turn, commune)
    if standing is not None:
        other = (Button(standing.name, pack("m.round", standing.id)),)
        text = texts.say("period.one_open", name=standing.name)
        return Screen(text, (other, leaves))
    rows = tuple((one,) for one in _suggested_names(turn, commune))
    return Screen(texts.say("period.name_ask"), (*rows, leaves))


def _suggested_names(turn: Turn, commune: Commune) -> list[Button]:
    """The month, the next, and the quarter, without those that a round is called already."""
    today = office.today(turn)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    found = [
        _named(turn, commune, "m", today.month, today.year),
        _named(turn, commune, "m", after.month, after.year),
        _named(turn, commune, "q", quarter, today.year),
    ]
    taken = {
        one.name for one in rounds.list_rounds(turn.tx, commune.id) if one.state != "cancelled"
    }
    return [one for one in found if one.label not in taken]


def _named(turn: Turn, commune: Commune, kind: str, number: int, year: int) -> Button:
    return Button(_name(turn, kind, number, year), pack("m.rname", commune.id, kind, number, year))


def _name(turn: Turn, kind: str, number: int, year: int) -> Html:
    key = "period.month" if kind == "m" else "period.quarter"
    return turn.texts.say(key, number=str(number), year=str(year))


def _choose_name(turn: Turn, press: Press, said: Said) -> Next | None:
    commune, kind = office.commune(turn, press.number(0)), press.text(1)
    number, year = press.number(2), press.number(3)
    if commune is None or kind not in {"m", "q"} or number is None or year is None:
        return None
    return Next(to("m.rday", commune.id), said=(_name(turn, kind, number, year),))


def _take_name(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    commune = office.commune(turn, press.number(0))
    name = " ".join(text.split())
    if commune is None or not name or _standing(turn, commune) is not None:
        return None
    if len(name) > _LONGEST_NAME:
        return Next(press, turn.texts.say("period.name_long"))
    return Next(to("m.rday", commune.id), said=(name,))


def _ask_day(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    if not said:
        return _ask_name(turn, press, said)
    text = turn.texts.say("period.day_ask", name=said[0])
    rows = suggested(turn, "m.rprev", commune.id, after=office.today(turn))
    return Screen(text, (*rows, back(turn.texts, "m.rnew", commune.id)))


def _take_day(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    if not said:
        return _take_name(turn, press, said, text)
    commune_id = press.number(0) or 0
    day, refused = said_day(turn, text, not_before=office.today(turn))
    if day is None:
        return Next(press, refused, said)
    return Next(to("m.rprev", commune_id, day.toordinal()), said=said)


def _ask_close(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune, deadline = office.commune(turn, press.number(0)), day_from(press.number(1))
    if commune is None or deadline is None:
        return None
    if not said:
        return _ask_name(turn, press, said)
    day = Html(turn.texts.day(deadline, turn.house.zone))
    rows = suggested(turn, "m.rprev", commune.id, deadline.toordinal(), after=deadline)
    leaves = back(turn.texts, "m.rprev", commune.id, deadline.toordinal())
    return Screen(turn.texts.say("period.close_day_ask", name=said[0], day=day), (*rows, leaves))


def _take_close(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    deadline = day_from(press.number(1))
    if not said or deadline is None:
        return None
    day, refused = said_day(turn, text, not_before=deadline)
    if day is None:
        return Next(press, refused, said)
    return Next(
        to("m.rprev", press.number(0) or 0, deadline.toordinal(), day.toordinal()), said=said
    )


def _preview(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune, days = office.commune(turn, press.number(0)), _days(press)
    if commune is None or days is None:
        return None
    if not said:
        return _ask_name(turn, press, said)
    texts, (deadline, closes), name = turn.texts, days, said[0]
    refused = _refused(turn, deadline, closes)
    if refused is not None:
        return Screen(refused, (back(texts, "m.rday", commune.id),))
    lines = [
        texts.say("period.open_ask", name=name, commune=commune.name),
        "",
        dates_text(turn, deadline, closes),
        texts.say(
            "period.open_facts",
            areas=len(office.areas_now(turn, commune.id)),
            day=Html(texts.full_day(office.today(turn), turn.house.zone)),
        ),
    ]
    here = (commune.id, deadline.toordinal())
    rows = (
        (button(texts, "period.button.open_yes", "m.ropen", *here, closes.toordinal(), tag(name)),),
        (
            button(texts, "period.button.deadline", "m.rday", commune.id),
            button(texts, "period.button.closes", "m.rcday", *here),
        ),
        back(texts, "m.rnew", commune.id),
    )
    return Screen("\n".join(lines), rows)


def _open(turn: Turn, press: Press, said: Said) -> Next | None:
    commune, days = office.commune(turn, press.number(0)), _days(press)
    if commune is None or days is None:
        return None
    standing = _standing(turn, commune)
    if standing is not None and press.number(3) == tag(standing.name):  # pressed twice
        return Next(to("m.round", standing.id), turn.texts.say("period.opened"))
    if not said or press.number(3) != tag(said[0]):
        return Next(to("m.rnew", commune.id), turn.texts.say("period.begin_again"))
    deadline, closes = days
    if _refused(turn, deadline, closes) is not None or standing is not None:
        return Next(to("m.rnew", commune.id))
    today = office.today(turn)
    criteria = criteria_of(turn, commune)
    made = rounds.open_round(
        turn.tx, commune.id, said[0], criteria, shipped_text(criteria), today, turn.now,
        end_of(turn, deadline), end_of(turn, closes), turn.now,
        on=today, by=turn.person.id, way="button",
    )  # fmt: skip
    return Next(to("m.round", made.id), turn.texts.say("period.opened"))


def _days(press: Press) -> tuple[date, date] | None:
    deadline = day_from(press.number(1))
    if deadline is None:
        return None
    return deadline, day_from(press.number(2)) or deadline + CLOSE_AFTER


def _refused(turn: Turn, deadline: date, closes: date) -> Html | None:
    return refused_day(turn, deadline, not_before=office.today(turn)) or refused_day(
        turn, closes, not_before=deadline
    )


def _standing(turn: Turn, commune: Commune) -> Round | None:
    """The commune's open round of the set that a new one would have."""
    criteria = criteria_of(turn, commune)
    return next(
        (
            one
            for one in rounds.list_rounds(turn.tx, commune.id)
            if one.state == "open" and one.criteria_id == criteria and turn.now < one.closes_at
        ),
        None,
    )


def criteria_of(turn: Turn, commune: Commune) -> str:
    """The set of the commune's newest round, else the first that ships."""
    known = shipped_ids()
    used = [one.criteria_id for one in rounds.list_rounds(turn.tx, commune.id)]
    return next((one for one in used if one in known), known[0])


VIEWS: dict[str, View] = {
    "m.rnew": _ask_name,
    "m.rday": _ask_day,
    "m.rcday": _ask_close,
    "m.rprev": _preview,
}
DEEDS: dict[str, Deed] = {"m.rname": _choose_name, "m.ropen": _open}
TAKES: dict[str, Take] = {"m.rnew": _take_name, "m.rday": _take_day, "m.rcday": _take_close}
ASKING = frozenset(TAKES)
