"""The preview of a round that is to be opened, and the opening, for one commune or for many."""

from datetime import date

from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.managing.periods import CLOSE_AFTER, dates_text, day_from, end_of, refused_day, tag
from handlers.opening.asking import ask_name
from handlers.opening.errand import Errand, errand_of, way_in, way_out
from handlers.presses import Press, pack
from handlers.status.picture import listed as listed_names
from handlers.steps import Next, Said, back, button, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import rounds
from storage.places import Commune
from storage.rounds import Round

_NAMES_LENGTH = 200


def preview(turn: Turn, press: Press, said: Said) -> Screen | None:
    """Show what would be opened, for whom and until when."""
    errand, days = errand_of(turn, press), _days(press)
    if errand is None or days is None or not said:
        return ask_name(turn, press, said)
    texts, (deadline, closes), name = turn.texts, days, said[0]
    refused = _refused(turn, deadline, closes)
    if refused is not None:
        return Screen(refused, (back(texts, "p.day", *errand.here),))
    if not errand.free:
        lines = [texts.say("operating.preview_none")]
        lines += [Html(), _left_alone(errand)] if errand.standing else []
        return Screen("\n".join(lines), (way_out(turn, errand.commune_id),))
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


def _yes(errand: Errand) -> Html:
    if errand.commune_id:
        return errand.turn.texts.say("period.button.open_yes")
    return errand.turn.texts.say("operating.button.open", count=len(errand.free))


def _preview_lines(errand: Errand, name: str, deadline: date, closes: date) -> list[str]:
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
        lines.append(texts.say("period.set", title=errand.title))
    lines += [dates_text(turn, deadline, closes), last]
    if errand.standing:
        lines += ["", _left_alone(errand)]
    return lines


def _left_alone(errand: Errand) -> Html:
    held = [one.name for one in errand.communes if one.id in errand.standing]
    names = listed_names(held, errand.turn.texts, most=_NAMES_LENGTH)
    return errand.turn.texts.say("operating.left_alone", count=len(held), names=names)


def open_(turn: Turn, press: Press, said: Said) -> Next | None:
    """Open it where none of the set is open; the other communes are left alone."""
    errand, days = errand_of(turn, press), _days(press)
    if errand is None or days is None:
        return None
    standing = list(errand.standing.values())
    if standing and not errand.free and all(tag(one.name) == press.number(4) for one in standing):
        return _opened(errand, standing, turn.texts.say("period.opened"))  # pressed twice
    again = way_in(turn, errand.commune_id)
    if not said or press.number(4) != tag(said[0]):
        return Next(again, turn.texts.say("period.begin_again"))
    if _refused(turn, *days) is not None or not errand.free:
        return Next(again)
    made = [_open_one(errand, one, said[0], *days) for one in errand.free]
    return _opened(errand, made, _done(errand, said[0], days[0]))


def _open_one(errand: Errand, commune: Commune, name: str, deadline: date, closes: date) -> Round:
    turn, today = errand.turn, office.today(errand.turn)
    return rounds.open_round(
        turn.tx, commune.id, name, errand.criteria.id, errand.criteria.text, today, turn.now,
        end_of(turn, deadline), end_of(turn, closes), turn.now,
        on=today, by=turn.person.id, way="button",
    )  # fmt: skip


def _done(errand: Errand, name: str, deadline: date) -> Html:
    turn, texts = errand.turn, errand.turn.texts
    if errand.commune_id:
        return texts.say("period.opened")
    day = Html(texts.full_day(deadline, turn.house.zone))
    lines = [texts.say("operating.opened", count=len(errand.free), name=name, deadline=day)]
    lines += [_left_alone(errand)] if errand.standing else []
    return Html("\n".join(lines))


def _opened(errand: Errand, made: list[Round], done: Html) -> Next:
    return Next(to("m.round", made[0].id) if errand.commune_id else to("o.home"), done)


def _days(press: Press) -> tuple[date, date] | None:
    deadline = day_from(press.number(2))
    if deadline is None:
        return None
    return deadline, day_from(press.number(3)) or deadline + CLOSE_AFTER


def _refused(turn: Turn, deadline: date, closes: date) -> Html | None:
    return refused_day(turn, deadline, not_before=office.today(turn)) or refused_day(
        turn, closes, not_before=deadline
    )


def leave(turn: Turn, press: Press, said: Said) -> Next:
    """Open nothing."""
    commune_id = press.number(0) or 0
    there = to("m.rounds", commune_id) if commune_id else to("o.home")
    return Next(there, turn.texts.say("period.left"))
