"""What is asked before a round is opened: which criteria set, its name, its deadline and close."""

from datetime import timedelta

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said
from handlers.flow.next import Next
from handlers.flow.page import back, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.rounds.opening.target import Errand, communes_of, errand_of, way_out
from handlers.rounds.wording import day_from, said_day, suggested, tag
from handlers.texts import Html
from storage import rounds

_LONGEST_NAME = 60
_MONTHS_OF_QUARTER = 3


def ask_set(context: Context, press: Press, said: Said) -> Screen | None:
    """Which criteria set the round is to have."""
    commune_id = press.number(0)
    if commune_id is None or communes_of(context, commune_id) is None:
        return None
    rows = listed(
        context.texts,
        context.deployment.sets,
        press.number(1),
        lambda one: Button(
            one.title(context.texts.language), pack("p.name", commune_id, tag(one.id))
        ),
        lambda page: pack("p.new", commune_id, page),
    )
    return Screen(context.texts.say("period.set_ask"), (*rows, way_out(context, commune_id)))


def ask_name(context: Context, press: Press, said: Said) -> Screen | None:
    """How the round is called; for an officer first whether one of the set is open already."""
    errand = errand_of(context, press)
    if errand is None:
        return None
    texts, out = context.texts, way_out(context, errand.commune_id)
    if errand.commune_id and not errand.free:
        standing = errand.standing[errand.commune_id]
        other = (Button(standing.name, pack("m.round", standing.id)),)
        return Screen(texts.say("period.one_open", name=standing.name), (other, out))
    rows = tuple((one,) for one in _suggested_names(errand))
    return Screen(texts.say("period.name_ask"), (*rows, out))


def _suggested_names(errand: Errand) -> list[Button]:
    """The month, the next, and the quarter, without those that a round is called already."""
    context, today = errand.context, access.today(errand.context)
    after = today.replace(day=28) + timedelta(days=4)
    quarter = -(-today.month // _MONTHS_OF_QUARTER)
    found = [
        ("m", today.month, today.year),
        ("m", after.month, after.year),
        ("q", quarter, today.year),
    ]
    taken = {
        one.name
        for one in (rounds.list_rounds(context.tx, errand.commune_id) if errand.commune_id else ())
        if one.state != "cancelled" and one.criteria_id == errand.criteria.id
    }
    buttons = [Button(_name(context, *one), pack("p.month", *errand.here, *one)) for one in found]
    return [one for one in buttons if one.label not in taken]


def _name(context: Context, kind: str, number: int, year: int) -> Html:
    key = "period.month" if kind == "m" else "period.quarter"
    return context.texts.say(key, number=str(number), year=str(year))


def choose_name(context: Context, press: Press, said: Said) -> Next | None:
    """One of the names offered."""
    errand, kind = errand_of(context, press), press.text(2)
    number, year = press.number(3), press.number(4)
    if errand is None or kind not in {"m", "q"} or number is None or year is None:
        return None
    return Next(to("p.day", *errand.here), said=(_name(context, kind, number, year),))


def take_name(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """Any other name."""
    errand, name = errand_of(context, press), " ".join(text.split())
    if errand is None:
        return None
    if errand.commune_id and not errand.free:
        return Next(press)
    if not any(c.isalpha() for c in name):  # a figure is no name
        return Next(press)
    if len(name) > _LONGEST_NAME:
        return Next(press, context.texts.say("period.name_long"))
    return Next(to("p.day", *errand.here), said=(name,))


# --- the days -----------------------------------------------------------------------------------


def ask_day(context: Context, press: Press, said: Said) -> Screen | None:
    """Until when reports are due; the close follows from it."""
    errand = errand_of(context, press)
    if errand is None or not said:
        return ask_name(context, press, said)
    text = context.texts.say("period.day_ask", name=said[0])
    rows = suggested(context, "p.prev", *errand.here, after=access.today(context))
    return Screen(text, (*rows, back(context.texts, "p.name", *errand.here)))


def take_day(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The deadline as people write days."""
    errand = errand_of(context, press)
    if errand is None or not said:
        return take_name(context, press, said, text)
    day, refused = said_day(context, text, not_before=access.today(context))
    if day is None:
        return Next(press, refused, said)
    return Next(to("p.prev", *errand.here, day.toordinal()), said=said)


def ask_close(context: Context, press: Press, said: Said) -> Screen | None:
    """Another close than the usual."""
    errand, deadline = errand_of(context, press), day_from(press.number(2))
    if errand is None or deadline is None or not said:
        return ask_name(context, press, said)
    here = (*errand.here, deadline.toordinal())
    day = Html(context.texts.day(deadline, context.deployment.zone))
    text = context.texts.say("period.close_day_ask", name=said[0], day=day)
    rows = suggested(context, "p.prev", *here, after=deadline)
    return Screen(text, (*rows, back(context.texts, "p.prev", *here)))


def take_close(context: Context, press: Press, said: Said, text: str) -> Next | None:
    """The close as people write days."""
    errand, deadline = errand_of(context, press), day_from(press.number(2))
    if errand is None or deadline is None or not said:
        return None
    day, refused = said_day(context, text, not_before=deadline)
    if day is None:
        return Next(press, refused, said)
    return Next(to("p.prev", *errand.here, deadline.toordinal(), day.toordinal()), said=said)
