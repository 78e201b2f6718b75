"""The preview of a round that is to be opened, and the opening, for one commune or for many."""

from datetime import date

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.rounds.opening.questions import ask_name
from handlers.rounds.opening.target import Errand, errand_of, way_in, way_out
from handlers.rounds.wording import CLOSE_AFTER, dates_text, day_from, end_of, refused_day, tag
from handlers.status.view import listed as listed_names
from handlers.texts import Html
from storage import rounds
from storage.places import Commune
from storage.rounds import Round

_NAMES_LENGTH = 200


def preview(context: Context, press: Press, said: Said) -> Screen | None:
    """Show what would be opened, for whom and until when."""
    errand, days = errand_of(context, press), _days(press)
    if errand is None or days is None or not said:
        return ask_name(context, press, said)
    texts, (deadline, closes), name = context.texts, days, said[0]
    refused = _refused(context, deadline, closes)
    if refused is not None:
        return Screen(refused, (back(texts, "p.day", *errand.here),))
    if not errand.free:
        lines = [texts.say("operating.preview_none")]
        lines += [Html(), _left_alone(errand)] if errand.standing else []
        return Screen("\n".join(lines), (way_out(context, errand.commune_id),))
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
        return errand.context.texts.say("period.button.open_yes")
    return errand.context.texts.say("operating.button.open", count=len(errand.free))


def _preview_lines(errand: Errand, name: str, deadline: date, closes: date) -> list[str]:
    """What would be opened, for whom and until when."""
    context, texts, free = errand.context, errand.context.texts, errand.free
    facts = {"day": Html(texts.full_day(access.today(context), context.deployment.zone))}
    if errand.commune_id:
        first = texts.say("period.open_ask", name=name, commune=free[0].name)
        areas = len(access.areas_now(context, free[0].id))
        last = texts.say("period.open_facts", areas=areas, **facts)
    else:
        first = texts.say("operating.preview", name=name, count=len(free))
        last = texts.say("operating.open_facts", **facts)
    lines: list[str] = [first, ""]
    if len(context.deployment.sets) > 1:
        lines.append(texts.say("period.set", title=errand.title))
    lines += [dates_text(context, deadline, closes), last]
    if errand.standing:
        lines += ["", _left_alone(errand)]
    return lines


def _left_alone(errand: Errand) -> Html:
    held = [one.name for one in errand.communes if one.id in errand.standing]
    names = listed_names(held, errand.context.texts, most=_NAMES_LENGTH)
    return errand.context.texts.say("operating.left_alone", count=len(held), names=names)


def open_(context: Context, press: Press, said: Said) -> Next | None:
    """Open it where none of the set is open; the other communes are left alone."""
    errand, days = errand_of(context, press), _days(press)
    if errand is None or days is None:
        return None
    standing = list(errand.standing.values())
    if standing and not errand.free and all(tag(one.name) == press.number(4) for one in standing):
        return _opened(errand, standing, context.texts.say("period.opened"))  # pressed twice
    again = way_in(context, errand.commune_id)
    if not said or press.number(4) != tag(said[0]):
        return Next(again, context.texts.say("period.begin_again"))
    if _refused(context, *days) is not None or not errand.free:
        return Next(again)
    made = [_open_one(errand, one, said[0], *days) for one in errand.free]
    return _opened(errand, made, _done(errand, said[0], days[0]))


def _open_one(errand: Errand, commune: Commune, name: str, deadline: date, closes: date) -> Round:
    context, today = errand.context, access.today(errand.context)
    return rounds.open_round(
        context.tx, commune.id, name, errand.criteria.id, errand.criteria.text, today, context.now,
        end_of(context, deadline), end_of(context, closes), context.now,
        on=today, by=context.person.id, way="button",
    )  # fmt: skip


def _done(errand: Errand, name: str, deadline: date) -> Html:
    context, texts = errand.context, errand.context.texts
    if errand.commune_id:
        return texts.say("period.opened")
    day = Html(texts.full_day(deadline, context.deployment.zone))
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


def _refused(context: Context, deadline: date, closes: date) -> Html | None:
    return refused_day(context, deadline, not_before=access.today(context)) or refused_day(
        context, closes, not_before=deadline
    )


def leave(context: Context, press: Press, said: Said) -> Next:
    """Open nothing."""
    commune_id = press.number(0) or 0
    there = to("m.rounds", commune_id) if commune_id else to("o.home")
    return Next(there, context.texts.say("period.left"))
