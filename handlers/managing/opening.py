"""Opening a round: which criteria set, its name, its deadline, a preview; only then it is open.

For the commune of an officer, or (0 in its place) for all communes of an operator.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from criteria.set_file import SetFile
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
from handlers.operating.communes import operated
from handlers.presses import Press, pack
from handlers.status.picture import listed as listed_names
from handlers.steps import Next, Said, Steps, back, button, listed, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import rounds
from storage.places import Commune
from storage.rounds import Round

_LONGEST_NAME = 60
_MONTHS_OF_QUARTER = 3
_NAMES_LENGTH = 200


@dataclass(frozen=True, slots=True)
class _Errand:
    """Who opens for whom, with which set."""

    turn: Turn
    commune_id: int  # 0: for all of an operator
    communes: list[Commune]
    criteria: SetFile

    standing: dict[int, Round]  # the open round of the set, in each commune that has one

    @property
    def here(self) -> tuple[int, int]:
        """What every button of the errand carries first."""
        return self.commune_id, tag(self.criteria.id)

    @property
    def free(self) -> list[Commune]:
        """The communes in which a round of the set can be opened."""
        return [one for one in self.communes if one.id not in self.standing]


def way_in(turn: Turn, commune_id: int) -> Press:
    """The first screen: which set, unless there is only one."""
    sets = turn.house.sets
    if len(sets) > 1:
        return to("p.new", commune_id)
    return to("p.name", commune_id, tag(sets[0].id))


def _communes(turn: Turn, commune_id: int | None) -> list[Commune] | None:
    if commune_id == 0:
        return operated(turn) if turn.operator else None
    commune = office.commune(turn, commune_id)
    return [commune] if commune is not None else None


def _errand(turn: Turn, press: Press) -> _Errand | None:
    communes, number = _communes(turn, press.number(0)), press.number(1)
    known = [one for one in turn.house.sets if tag(one.id) == number]
    if communes is None or not known:
        return None
    standing = _standing(turn, communes, known[0])
    return _Errand(turn, press.number(0) or 0, communes, known[0], standing)


def _standing(turn: Turn, communes: list[Commune], criteria: SetFile) -> dict[int, Round]:
    return {
        one.id: round_
        for one in communes
        for round_ in rounds.open_rounds(turn.tx, one.id, turn.now)
        if round_.criteria_id == criteria.id
        and round_.state == "open"
        and turn.now < round_.closes_at
    }


def _out(turn: Turn, commune_id: int) -> tuple[Button, ...]:
    if not commune_id:
        return (button(turn.texts, "operating.button.desk", "o.home"),)
    return back(turn.texts, "m.rounds", commune_id)


# --- the set and the name ------------------------------------------------------------------------


def _ask_set(turn: Turn, press: Press, said: Said) -> Screen | None:
    commune_id = press.number(0)
    if commune_id is None or _communes(turn, commune_id) is None:
        return None
    rows = listed(
        turn.texts,
        turn.house.sets,
        press.number(1),
        lambda one: Button(_title(turn, one), pack("p.name", commune_id, tag(one.id))),
        lambda page: pack("p.new", commune_id, page),
    )
    return Screen(turn.texts.say("period.set_ask"), (*rows, _out(turn, commune_id)))


def _title(turn: Turn, one: SetFile) -> str:
    return one.criteria.title.text(turn.texts.language)


def _ask_name(turn: Turn, press: Press, said: Said) -> Screen | None:
    errand = _errand(turn, press)
    if errand is None:
        return None
    texts, out = turn.texts, _out(turn, errand.commune_id)
    if errand.commune_id and not errand.free:
        standing = errand.standing[errand.commune_id]
        other = (Button(standing.name, pack("m.round", standing.id)),)
        return Screen(texts.say("period.one_open", name=standing.name), (other, out))
    rows = tuple((one,) for one in _suggested_names(errand))
    return Screen(texts.say("period.name_ask"), (*rows, out))


def _suggested_names(errand: _Errand) -> list[Button]:
    """The month, the next, and the quarter, without those that a round is called already."""
    turn, today = errand.turn, office.today(errand.turn)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    found = [
        ("m", today.month, today.year),
        ("m", after.month, after.year),
        ("q", quarter, today.year),
    ]
    taken = {
        one.name
        for one in (rounds.list_rounds(turn.tx, errand.commune_id) if errand.commune_id else ())
        if one.state != "cancelled" and one.criteria_id == errand.criteria.id
    }
    buttons = [Button(_name(turn, *one), pack("p.month", *errand.here, *one)) for one in found]
    return [one for one in buttons if one.label not in taken]


def _name(turn: Turn, kind: str, number: int, year: int) -> Html:
    key = "period.month" if kind == "m" else "period.quarter"
    return turn.texts.say(key, number=str(number), year=str(year))


def _choose_name(turn: Turn, press: Press, said: Said) -> Next | None:
    errand, kind = _errand(turn, press), press.text(2)
    number, year = press.number(3), press.number(4)
    if errand is None or kind not in {"m", "q"} or number is None or year is None:
        return None
    return Next(to("p.day", *errand.here), said=(_name(turn, kind, number, year),))


def _take_name(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    errand, name = _errand(turn, press), " ".join(text.split())
    if errand is None or (errand.commune_id and not errand.free):
        return None
    if not any(c.isalpha() for c in name):  # a figure is no name
        return Next(press)
    if len(name) > _LONGEST_NAME:
        return Next(press, turn.texts.say("period.name_long"))
    return Next(to("p.day", *errand.here), said=(name,))


# --- the days -----------------------------------------------------------------------------------


def _ask_day(turn: Turn, press: Press, said: Said) -> Screen | None:
    errand = _errand(turn, press)
    if errand is None or not said:
        return _ask_name(turn, press, said)
    text = turn.texts.say("period.day_ask", name=said[0])
    rows = suggested(turn, "p.prev", *errand.here, after=office.today(turn))
    return Screen(text, (*rows, back(turn.texts, "p.name", *errand.here)))


def _take_day(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    errand = _errand(turn, press)
    if errand is None or not said:
        return _take_name(turn, press, said, text)
    day, refused = said_day(turn, text, not_before=office.today(turn))
    if day is None:
        return Next(press, refused, said)
    return Next(to("p.prev", *errand.here, day.toordinal()), said=said)


def _ask_close(turn: Turn, press: Press, said: Said) -> Screen | None:
    errand, deadline = _errand(turn, press), day_from(press.number(2))
    if errand is None or deadline is None or not said:
        return _ask_name(turn, press, said)
    here = (*errand.here, deadline.toordinal())
    day = Html(turn.texts.day(deadline, turn.house.zone))
    text = turn.texts.say("period.close_day_ask", name=said[0], day=day)
    rows = suggested(turn, "p.prev", *here, after=deadline)
    return Screen(text, (*rows, back(turn.texts, "p.prev", *here)))


def _take_close(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    errand, deadline = _errand(turn, press), day_from(press.number(2))
    if errand is None or deadline is None or not said:
        return None
    day, refused = said_day(turn, text, not_before=deadline)
    if day is None:
        return Next(press, refused, said)
    return Next(to("p.prev", *errand.here, deadline.toordinal(), day.toordinal()), said=said)


def _days(press: Press) -> tuple[date, date] | None:
    deadline = day_from(press.number(2))
    if deadline is None:
        return None
    return deadline, day_from(press.number(3)) or deadline + CLOSE_AFTER


def _refused(turn: Turn, deadline: date, closes: date) -> Html | None:
    return refused_day(turn, deadline, not_before=office.today(turn)) or refused_day(
        turn, closes, not_before=deadline
    )


# --- the preview and the opening ----------------------------------------------------------------


def _preview(turn: Turn, press: Press, said: Said) -> Screen | None:
    errand, days = _errand(turn, press), _days(press)
    if errand is None or days is None or not said:
        return _ask_name(turn, press, said)
    texts, (deadline, closes), name = turn.texts, days, said[0]
    refused = _refused(turn, deadline, closes)
    if refused is not None:
        return Screen(refused, (back(texts, "p.day", *errand.here),))
    if not errand.free:
        lines = [texts.say("operating.preview_none"), "", _left_alone(errand)]
        return Screen("\n".join(lines), (_out(turn, errand.commune_id),))
    here = (*errand.here, deadline.toordinal())
    yes = pack("p.open", *here, closes.toordinal(), tag(name))
    rows = (
        (Button(_yes(errand), yes),),
        (
            button(texts, "period.button.deadline", "p.day", *errand.here),
            button(texts, "period.button.closes", "p.cday", *here),
        ),
        back(texts, "p.name", *errand.here),
    )
    return Screen("\n".join(_preview_lines(errand, name, deadline, closes)), rows)


def _yes(errand: _Errand) -> Html:
    if errand.commune_id:
        return errand.turn.texts.say("period.button.open_yes")
    return errand.turn.texts.say("operating.button.open", count=len(errand.free))


def _preview_lines(errand: _Errand, name: str, deadline: date, closes: date) -> list[str]:
    """What would be opened, for whom and until when."""
    turn, texts, free = errand.turn, errand.turn.texts, errand.free
    facts = {"day": Html(texts.full_day(office.today(turn), turn.house.zone))}
    if errand.commune_id:
        first = texts.say("period.open_ask", name=name, commune=free[0].name)
        areas = len(office.areas_now(turn, free[0].id))
        last = texts.say("period.open_facts", areas=areas, **facts)
    else:
        first = texts.say("operating.preview", name=name, count=len(free))
        last = texts.say("operating.open_facts", **facts)
    lines: list[str] = [first, ""]
    if len(turn.house.sets) > 1:
        lines.append(texts.say("period.set", title=_title(turn, errand.criteria)))
    lines += [dates_text(turn, deadline, closes), last]
    if errand.standing:
        lines += ["", _left_alone(errand)]
    return lines


def _left_alone(errand: _Errand) -> Html:
    held = [one.name for one in errand.communes if one.id in errand.standing]
    names = listed_names(held, errand.turn.texts, most=_NAMES_LENGTH)
    return errand.turn.texts.say("operating.left_alone", count=len(held), names=names)


def _open(turn: Turn, press: Press, said: Said) -> Next | None:
    errand, days = _errand(turn, press), _days(press)
    if errand is None or days is None:
        return None
    standing = list(errand.standing.values())
    if not errand.free and all(tag(one.name) == press.number(4) for one in standing):
        return _opened(errand, standing, turn.texts.say("period.opened"))  # pressed twice
    again = way_in(turn, errand.commune_id)
    if not said or press.number(4) != tag(said[0]):
        return Next(again, turn.texts.say("period.begin_again"))
    if _refused(turn, *days) is not None or not errand.free:
        return Next(again)
    made = [_open_one(errand, one, said[0], *days) for one in errand.free]
    return _opened(errand, made, _done(errand, said[0], days[0]))


def _open_one(errand: _Errand, commune: Commune, name: str, deadline: date, closes: date) -> Round:
    turn, today = errand.turn, office.today(errand.turn)
    return rounds.open_round(
        turn.tx, commune.id, name, errand.criteria.id, errand.criteria.text, today, turn.now,
        end_of(turn, deadline), end_of(turn, closes), turn.now,
        on=today, by=turn.person.id, way="button",
    )  # fmt: skip


def _done(errand: _Errand, name: str, deadline: date) -> Html:
    turn, texts = errand.turn, errand.turn.texts
    if errand.commune_id:
        return texts.say("period.opened")
    day = Html(texts.full_day(deadline, turn.house.zone))
    lines = [texts.say("operating.opened", count=len(errand.free), name=name, deadline=day)]
    lines += [_left_alone(errand)] if errand.standing else []
    return Html("\n".join(lines))


def _opened(errand: _Errand, made: list[Round], done: Html) -> Next:
    return Next(to("m.round", made[0].id) if errand.commune_id else to("o.home"), done)


def _leave(turn: Turn, press: Press, said: Said) -> Next:
    commune_id = press.number(0) or 0
    there = to("m.rounds", commune_id) if commune_id else to("o.home")
    return Next(there, turn.texts.say("period.left"))


def _way_out(step: Press) -> Press:
    return Press("p.left", step.arguments[:1])


STEPS = Steps(
    views={
        "p.new": _ask_set,
        "p.name": _ask_name,
        "p.day": _ask_day,
        "p.cday": _ask_close,
        "p.prev": _preview,
    },
    deeds={"p.month": _choose_name, "p.open": _open, "p.left": _leave},
    takes={
        "p.name": _take_name,
        "p.day": _take_day,
        "p.cday": _take_close,
    },
    asking=frozenset({"p.name", "p.day", "p.cday"}),
    leaves=dict.fromkeys(("p.name", "p.day", "p.cday", "p.prev"), _way_out),
)
