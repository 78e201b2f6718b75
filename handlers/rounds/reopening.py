"""Cancelling a round, and opening a closed one again: a reason, an end, a preview."""

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.report.wording import unit_text
from handlers.rounds.wording import (
    HOME,
    cut_reason,
    day_from,
    end_of,
    members_of_round,
    refused_day,
    said_day,
    suggested,
    tag,
    tell_all,
)
from handlers.texts import Html
from storage import places, rounds
from storage.places import Unit
from storage.rounds import Round

# --- cancelling ---------------------------------------------------------------------------------


def _ask_cancel(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _cancellable(context, press)
    if round_ is None:
        return None
    text = context.texts.say("period.cancel_why", name=round_.name)
    return Screen(text, (back(context.texts, "m.round", round_.id),))


def _take_cancel(context: Context, press: Press, said: Said, text: str) -> Next | None:
    round_ = _cancellable(context, press)
    reason = cut_reason(text)
    return Next(to("m.rcanp", round_.id), said=(reason,)) if round_ and reason else None


def _preview_cancel(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _cancellable(context, press)
    if round_ is None:
        return None
    if not said:
        return _ask_cancel(context, press, said)
    texts = context.texts
    lines = [
        texts.say("period.cancel_ask", name=round_.name),
        "",
        texts.say("period.reason", reason=said[0]),
        texts.say("period.cancel_means"),
        texts.say("period.told", count=len(members_of_round(context, round_))),
    ]
    yes = (button(texts, "period.button.cancel_yes", "m.rcany", round_.id, tag(said[0])),)
    return Screen("\n".join(lines), (yes, back(texts, "m.round", round_.id)))


def _cancel(context: Context, press: Press, said: Said) -> Next | None:
    round_ = _cancellable(context, press)
    if round_ is None:
        return None
    if not said or press.number(1) != tag(said[0]):
        return Next(to("m.rcan", round_.id))
    whom = members_of_round(context, round_) if round_.state == "open" else []
    rounds.cancel_round(
        context.tx, round_.id, said[0], context.now, by=context.person.id, way="button"
    )
    tell_all(context, whom, "notice.cancelled", round=round_.name, reason=said[0])
    return Next(to("m.round", round_.id), context.texts.say("period.was_cancelled"))


def _cancellable(context: Context, press: Press) -> Round | None:
    round_ = access.round_(context, press.number(0))
    return round_ if round_ is not None and round_.state != "cancelled" else None


# --- opening again ------------------------------------------------------------------------------


def _choose_area(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _closed(context, press)
    if round_ is None:
        return None
    texts = context.texts
    rows = listed(
        texts,
        access.narrowed(rounds.units_of_round(context.tx, round_.id), said),
        press.number(1),
        lambda one: Button(unit_text(one, texts), pack("m.rwhy", round_.id, one.id)),
        lambda page: pack("m.rarea", round_.id, page),
    )
    return Screen(texts.say("period.reopen_which"), (*rows, back(texts, "m.round", round_.id)))


def _take_area(context: Context, press: Press, said: Said, text: str) -> Next | None:
    round_ = _closed(context, press)
    if round_ is None:
        return None
    units = {one.id for one in rounds.units_of_round(context.tx, round_.id)}
    named = places.areas_named(context.tx, round_.commune_id, text)
    found = [one for one in named if one.id in units]
    return access.going(press, found, lambda one: to("m.rwhy", round_.id, one.id))


def _ask_why(context: Context, press: Press, said: Said) -> Screen | None:
    asked = _asked(context, press)
    if asked is None:
        return None
    round_, unit = asked
    leaves = back(context.texts, "m.round", round_.id)
    standing = _in_the_way(context, round_) if unit is None else None
    if standing is not None:
        return Screen(context.texts.say("period.one_open", name=standing.name), (leaves,))
    text = context.texts.say("period.reopen_why", what=_what(context, round_, unit))
    if unit is None and _closed_by_wrong_clock(context, round_):
        again = button(context.texts, "period.button.wrong_clock", "m.rclock", round_.id)
        return Screen(text, ((again,), leaves))
    return Screen(text, (leaves,))


def _as_it_was(context: Context, press: Press, said: Said) -> Next | None:
    """A round that a wrong clock closed: the reason is known, and so is the end it had."""
    round_ = _closed(context, press)
    if round_ is None or not _closed_by_wrong_clock(context, round_):
        return None
    end = round_.closes_at.astimezone(context.deployment.zone).date()
    return Next(
        to("m.rre", round_.id, 0, end.toordinal()),
        said=(str(context.texts.say("period.wrong_clock")),),
    )


def _closed_by_wrong_clock(context: Context, round_: Round) -> bool:
    """Whoever closes a round early brings its end forward; only a clock that is ahead doesn't."""
    return round_.state == "closed" and round_.closes_at > context.now


def _take_why(context: Context, press: Press, said: Said, text: str) -> Next | None:
    asked, reason = _asked(context, press), cut_reason(text)
    if asked is None or not reason:
        return None
    return Next(to("m.rend", asked[0].id, _number(asked[1])), said=(reason,))


def _ask_end(context: Context, press: Press, said: Said) -> Screen | None:
    asked = _asked(context, press)
    if asked is None or not said:
        return _ask_why(context, press, said)
    round_, unit = asked
    text = context.texts.say("period.reopen_until", what=_what(context, round_, unit))
    rows = suggested(context, "m.rre", round_.id, _number(unit), after=access.today(context))
    return Screen(text, (*rows, back(context.texts, "m.rwhy", round_.id, _number(unit))))


def _take_end(context: Context, press: Press, said: Said, text: str) -> Next | None:
    asked = _asked(context, press)
    if asked is None or not said:
        return None
    day, refused = said_day(context, text, not_before=access.today(context))
    if day is None:
        return Next(press, refused, said)
    return Next(to("m.rre", asked[0].id, _number(asked[1]), day.toordinal()), said=said)


def _preview(context: Context, press: Press, said: Said) -> Screen | None:
    asked, day = _asked(context, press), day_from(press.number(2))
    if asked is None or not said or day is None:
        return _ask_why(context, press, said)
    round_, unit = asked
    texts = context.texts
    leaves = back(texts, "m.round", round_.id)
    refused = refused_day(context, day, not_before=access.today(context))
    if refused is not None:
        return Screen(refused, (leaves,))
    lines = [
        texts.say("period.reopen_ask", what=_what(context, round_, unit)),
        "",
        texts.say("period.reopen_end", day=Html(texts.full_day(day, context.deployment.zone))),
        texts.say("period.reason", reason=said[0]),
        texts.say("period.told", count=len(members_of_round(context, round_, _number(unit)))),
    ]
    yes = button(
        texts, "period.button.reopen_yes", "m.rrey", round_.id, _number(unit), day.toordinal(),
        tag(said[0]),
    )  # fmt: skip
    return Screen("\n".join(lines), ((yes,), leaves))


def _reopen(context: Context, press: Press, said: Said) -> Next | None:
    asked, day = _asked(context, press), day_from(press.number(2))
    if asked is None or day is None:
        return None
    round_, unit = asked
    again = Next(to("m.rwhy", round_.id, _number(unit)))
    if not said and unit is not None and rounds.is_open(context.tx, round_, unit.id, context.now):
        return Next(to("m.round", round_.id))  # pressed twice
    if not said or press.number(3) != tag(said[0]):
        return again
    if refused_day(context, day, not_before=access.today(context)) is not None:
        return again
    if unit is None and _in_the_way(context, round_) is not None:
        return again
    until = end_of(context, day)
    rounds.reopen_round(
        context.tx, round_.id, said[0], until, context.now,
        unit_id=unit.id if unit is not None else None, by=context.person.id, way="button",
    )  # fmt: skip
    whom = members_of_round(context, round_, _number(unit))
    way = ("button.report", "pick", round_.id, unit.id) if unit is not None else HOME
    tell_all(
        context, whom, "notice.reopened", press=way, round=round_.name, until=until, reason=said[0]
    )
    done = context.texts.say("period.was_reopened", what=_what(context, round_, unit))
    return Next(to("m.round", round_.id), done)


def _asked(context: Context, press: Press) -> tuple[Round, Unit | None] | None:
    """The closed round, and the one unit of it when only that is meant."""
    round_, unit_id = _closed(context, press), press.number(1)
    if round_ is None or unit_id is None:
        return None
    if unit_id == 0:
        return round_, None
    units = rounds.units_of_round(context.tx, round_.id)
    unit = next((one for one in units if one.id == unit_id), None)
    return (round_, unit) if unit is not None else None


def _closed(context: Context, press: Press) -> Round | None:
    round_ = access.round_(context, press.number(0))
    if round_ is None:
        return None
    over = round_.state == "open" and context.now >= round_.closes_at
    return round_ if over or round_.state == "closed" else None


def _in_the_way(context: Context, round_: Round) -> Round | None:
    """Another open round of the same set: there can be only one."""
    here = round_.commune_id
    return rounds.open_of_set(context.tx, [here], round_.criteria_id, context.now).get(here)


def _what(context: Context, round_: Round, unit: Unit | None) -> str:
    if unit is None:
        return round_.name
    return f"{round_.name}, {unit_text(unit, context.texts)}"


def _number(unit: Unit | None) -> int:
    return unit.id if unit is not None else 0


STEPS = Steps(
    views={
        "m.rcan": _ask_cancel,
        "m.rcanp": _preview_cancel,
        "m.rarea": _choose_area,
        "m.rwhy": _ask_why,
        "m.rend": _ask_end,
        "m.rre": _preview,
    },
    deeds={"m.rcany": _cancel, "m.rclock": _as_it_was, "m.rrey": _reopen},
    takes={
        "m.rcan": _take_cancel,
        "m.rarea": _take_area,
        "m.rwhy": _take_why,
        "m.rend": _take_end,
    },
    asking=frozenset({"m.rcan", "m.rwhy", "m.rend"}),
)
