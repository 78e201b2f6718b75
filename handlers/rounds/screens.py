"""The commune's rounds, and each one's deadline, close and end."""

from datetime import date, datetime

from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, data_of, listed, to
from handlers.flow.press import Press, pack
from handlers.officer import access
from handlers.report.wording import unit_text
from handlers.rounds.criteria_sets import round_names
from handlers.rounds.opening.target import way_in
from handlers.rounds.reminder_plan import round_buttons
from handlers.rounds.wording import (
    at_once,
    dates_text,
    day_from,
    day_of,
    end_of,
    members_of_round,
    refused_day,
    said_day,
    suggested,
    tell_all,
)
from handlers.status.view import listed as listed_names
from handlers.texts import Html
from storage import reports, rounds
from storage.rounds import Round

_PAGE = 4
_MARKS = {"open": "🟢", "planned": "🕒", "closed": "🔒", "cancelled": "✖️"}
_NAMES_LENGTH = 300
_IN = frozenset({"sent", "accepted"})


def _all(context: Context, press: Press, said: Said) -> Screen | None:
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    found = rounds.list_rounds(context.tx, commune.id)
    names = round_names(found, texts.language)
    rows = listed(
        texts,
        found,
        press.number(1),
        lambda one: Button(
            f"{_MARKS[_state(context, one)]} {names[one.id]}", pack("m.round", one.id)
        ),
        lambda page: pack("m.rounds", commune.id, page),
        _PAGE,
    )
    key = "period.title" if found else "period.title_none"
    new = (
        Button(texts.say("period.button.new"), data_of(way_in(context, commune.id))),
        button(texts, "period.button.schedule", "m.sched", commune.id),
    )
    text = texts.say(key, commune=commune.name)
    return Screen(text, (*rows, new, back(texts, "m.hub", commune.id)))


def _one(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = access.round_(context, press.number(0))
    if round_ is None:
        return None
    texts, state = context.texts, _state(context, round_)
    lines: list[str] = [
        texts.say(
            "period.one", mark=_MARKS[state], name=round_.name, state=texts.say(f"period.{state}")
        ),
        "",
        _dates(context, round_, state),
    ]
    if state in {"open", "closed"}:
        units = rounds.units_of_round(context.tx, round_.id)
        lines.append(
            texts.say("period.reports", done=len(units) - len(_missing(context, round_)),
                      count=len(units))
        )  # fmt: skip
    if state == "closed":
        lines += [
            texts.say("period.area_open", unit=unit_text(unit, texts), until=_full(context, until))
            for unit, until in rounds.reopened_units(context.tx, round_.id, context.now)
        ]
    if round_.reason:
        lines.append(texts.say("period.reason", reason=round_.reason))
    return Screen("\n".join(lines), (*_actions(context, round_, state), _to_all(context, round_)))


def _full(context: Context, moment: datetime) -> Html:
    return Html(context.texts.full_day(moment, context.deployment.zone))


def _dates(context: Context, round_: Round, state: str) -> Html:
    if state in {"open", "planned"}:
        return dates_text(context, round_.deadline, round_.closes_at)
    texts, deadline = context.texts, _full(context, round_.deadline)
    if state == "cancelled":
        return texts.say("period.dates_cancelled", deadline=deadline)
    closes = _full(context, round_.closes_at)
    return texts.say("period.dates_closed", deadline=deadline, closes=closes)


def _actions(context: Context, round_: Round, state: str) -> tuple[tuple[Button, ...], ...]:
    texts, here = context.texts, round_.id
    cancel = (button(texts, "period.button.cancel", "m.rcan", here),)
    move = (
        button(texts, "period.button.deadline", "m.rdl", here),
        button(texts, "period.button.closes", "m.rcl", here),
    )
    if state == "open":
        close = (button(texts, "period.button.close", "m.rclose", here), *cancel)
        return (move, round_buttons(context, round_), close)
    if state == "planned":
        return (move, cancel)
    if state == "closed":
        again = (
            button(texts, "period.button.reopen", "m.rwhy", here, 0),
            button(texts, "period.button.reopen_area", "m.rarea", here),
        )
        return (again, (*cancel, *round_buttons(context, round_)))
    return ()


# --- the dates ----------------------------------------------------------------------------------


def _ask_deadline(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _movable(context, press)
    if round_ is None:
        return None
    day = _full(context, round_.deadline)
    text = context.texts.say("period.deadline_ask", name=round_.name, day=day)
    rows = suggested(context, "m.rmove", round_.id, after=_from(context, round_))
    return Screen(text, (*rows, back(context.texts, "m.round", round_.id)))


def _ask_close(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _movable(context, press)
    if round_ is None:
        return None
    day = _full(context, round_.closes_at)
    text = context.texts.say("period.closes_ask", name=round_.name, day=day)
    deadline = day_of(context, round_.deadline)
    rows = suggested(
        context, "m.rmove", round_.id, deadline.toordinal(), after=_from(context, round_)
    )
    return Screen(text, (*rows, back(context.texts, "m.round", round_.id)))


def _from(context: Context, round_: Round) -> date:
    """The day after which new dates make sense."""
    return max(access.today(context), day_of(context, round_.deadline))


def _take_deadline(context: Context, press: Press, said: Said, text: str) -> Next | None:
    round_ = _movable(context, press)
    if round_ is None:
        return None
    day, refused = said_day(context, text, not_before=access.today(context))
    if day is None:
        return Next(press, refused)
    return Next(to("m.rmove", round_.id, day.toordinal()))


def _take_close(context: Context, press: Press, said: Said, text: str) -> Next | None:
    round_ = _movable(context, press)
    if round_ is None:
        return None
    deadline = day_of(context, round_.deadline)
    day, refused = said_day(context, text, not_before=deadline)
    if day is None:
        return Next(press, refused)
    return Next(to("m.rmove", round_.id, deadline.toordinal(), day.toordinal()))


def _preview(context: Context, press: Press, said: Said) -> Screen | None:
    """What the dates would be; a deadline that moves takes the close along."""
    round_, days = _movable(context, press), _days(context, press)
    if round_ is None or days is None:
        return None
    deadline, closes = days
    texts = context.texts
    refused = refused_day(context, closes, not_before=deadline)
    if deadline != day_of(context, round_.deadline):
        refused = refused_day(context, deadline, not_before=access.today(context)) or refused
    leaves = back(texts, "m.round", round_.id)
    if refused is not None:
        return Screen(refused, (leaves,))
    lines = [
        texts.say("period.move_ask", name=round_.name),
        "",
        texts.say("period.before", dates=dates_text(context, round_.deadline, round_.closes_at)),
        texts.say("period.after", dates=dates_text(context, deadline, closes)),
        "",
        texts.say("period.told", count=len(members_of_round(context, round_))),
    ]
    yes = button(
        texts, "button.right", "m.rmovey", round_.id, deadline.toordinal(), closes.toordinal()
    )
    return Screen("\n".join(lines), ((yes,), leaves))


def _move(context: Context, press: Press, said: Said) -> Next | None:
    round_, days = _movable(context, press), _days(context, press)
    if round_ is None or days is None:
        return None
    deadline = end_of(context, days[0], round_.deadline)
    closes = end_of(context, days[1], round_.closes_at)
    if closes < deadline or closes <= context.now:
        return None
    if deadline <= context.now and deadline != round_.deadline:
        return None
    after = rounds.edit(
        context.tx, round_.id, context.now, deadline=deadline, closes_at=closes,
        by=context.person.id, way="button",
    )  # fmt: skip
    if after != round_ and round_.state == "open":
        tell_all(
            context, members_of_round(context, round_), f"notice.dates{at_once(deadline, closes)}",
            round=round_.name, deadline=deadline, closes=closes,
        )  # fmt: skip
    return Next(to("m.round", round_.id), context.texts.say("period.moved"))


def _days(context: Context, press: Press) -> tuple[date, date] | None:
    round_, deadline = _movable(context, press), day_from(press.number(1))
    if round_ is None or deadline is None:
        return None
    closes = day_from(press.number(2))
    if closes is None:
        apart = day_of(context, round_.closes_at) - day_of(context, round_.deadline)
        closes = deadline + apart
    return deadline, closes


def _movable(context: Context, press: Press) -> Round | None:
    round_ = access.round_(context, press.number(0))
    return round_ if round_ is not None and _state(context, round_) in {"open", "planned"} else None


# --- the close ----------------------------------------------------------------------------------


def _ask_to_close(context: Context, press: Press, said: Said) -> Screen | None:
    round_ = _closable(context, press)
    if round_ is None:
        return None
    texts = context.texts
    lines = [texts.say("period.close_ask", name=round_.name), ""]
    missing = _missing(context, round_)
    if missing:
        names = listed_names(missing, texts, most=_NAMES_LENGTH)
        lines.append(texts.say("period.close_missing", count=len(missing), names=names))
    lines.append(texts.say("period.close_means"))
    yes = (button(texts, "period.button.close_yes", "m.rclosey", round_.id),)
    return Screen("\n".join(lines), (yes, back(texts, "m.round", round_.id)))


def _close(context: Context, press: Press, said: Said) -> Next | None:
    round_ = _closable(context, press)
    if round_ is None:
        return None
    rounds.close_round(context.tx, round_.id, context.now, by=context.person.id, way="button")
    return Next(to("m.round", round_.id), context.texts.say("period.was_closed"))


def _closable(context: Context, press: Press) -> Round | None:
    round_ = access.round_(context, press.number(0))
    return round_ if round_ is not None and _state(context, round_) == "open" else None


def _missing(context: Context, round_: Round) -> list[str]:
    """The units whose report isn't in."""
    found = reports.reports_of_round(context.tx, round_.id)
    done = {unit for unit, report in found.items() if report.state in _IN}
    return [
        unit_text(one, context.texts)
        for one in rounds.units_of_round(context.tx, round_.id)
        if one.id not in done
    ]


def _state(context: Context, round_: Round) -> str:
    """The state by the clock: past its close a round is closed, before any tick says so."""
    if round_.state == "open" and context.now >= round_.closes_at:
        return "closed"
    return round_.state


def _to_all(context: Context, round_: Round) -> tuple[Button, ...]:
    return back(context.texts, "m.rounds", round_.commune_id)


STEPS = Steps(
    views={
        "m.rounds": _all,
        "m.round": _one,
        "m.rdl": _ask_deadline,
        "m.rcl": _ask_close,
        "m.rmove": _preview,
        "m.rclose": _ask_to_close,
    },
    deeds={"m.rmovey": _move, "m.rclosey": _close},
    takes={"m.rdl": _take_deadline, "m.rcl": _take_close},
    asking=frozenset({"m.rdl", "m.rcl"}),
)
