"""One question an evening: chosen, and when it begins; ended, and all is as it was before."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from criteria.conversation import Place
from criteria.evenings import ENDS_BEFORE, next_evening
from criteria.reminders import Anchor, end_of_day, local_day
from handlers.channel import Button, Reply, Screen
from handlers.phrases import phrase
from handlers.presses import Press, pack
from handlers.reminding.planning import SECOND, Saying, dates_of, say
from handlers.reminding.reasons import Reasons, key_of_day, of_evening
from handlers.reporting.moving import moved, standing_desk
from handlers.reporting.showing import show_desk
from handlers.texts import Html, plain
from handlers.turn import Turn
from storage import conversations, evenings, outbox, places, reminder_plans, rounds
from storage.rounds import Round


def evening_press(turn: Turn, press: Press) -> Reply | None:
    """Begin or end it; None when it is nothing for this person."""
    return ACTIONS[press.action](turn)


@phrase()
def evening_typed(turn: Turn, text: str) -> Reply | None:
    """The same by typing."""
    wanted = plain(text)
    for action, act in ACTIONS.items():
        words = turn.texts.say(f"remind.words.{action}").split("|")
        if wanted and wanted in {plain(word) for word in words}:
            return act(turn)
    return None


def _begin(turn: Turn) -> Reply | None:
    if not turn.areas:
        return None
    evenings.choose(turn.tx, turn.person.id, turn.now)
    waiting = _waiting_rounds(turn)
    lines = [turn.texts.say("evening.chosen"), *(_from_when(turn, one) for one in waiting)]
    if not waiting:
        lines.append(turn.texts.say("evening.from_next_round"))
    rows = [_button(turn, "button.report", "rep")] if waiting else []
    rows.append(_button(turn, "evening.button.off", "e.off"))
    return turn.shows(Screen("\n".join(lines), tuple(rows)))


def _from_when(turn: Turn, round_: Round) -> Html:
    """When the round's first question comes, and until when they come."""
    texts, zone = turn.texts, turn.house.zone
    reminder_plans.unmute(turn.tx, turn.person.id, round_.id)
    first = _first(turn, round_)
    if first is None:
        evenings.told_of_end(turn.tx, turn.person.id, round_.id)
        return texts.say("evening.too_late", round=round_.name)
    tonight = local_day(first, zone) == local_day(turn.now, zone)
    key = "evening.from_tonight" if tonight else "evening.from_tomorrow"
    last = round_.deadline - ENDS_BEFORE - timedelta(days=1)
    return texts.say(key, round=round_.name, last=Html(texts.day(last, zone)))


def _first(turn: Turn, round_: Round) -> datetime | None:
    """Put in tonight's question, unless the day's message has gone out; gives when it comes."""
    dates = dates_of(round_, turn.house)
    first = next_evening(turn.now, dates)
    today = local_day(turn.now, turn.house.zone)
    if first is None or local_day(first, turn.house.zone) != today:
        return first
    key = key_of_day(turn.person.id, today)
    standing = outbox.placed(turn.tx, [key]).get(key)
    if standing is not None and not _gives_way(standing):
        return next_evening(end_of_day(turn.now, turn.house.zone), dates)
    saying = Saying(turn.person.id, first, of_evening(round_.id, first), SECOND)
    say(turn.tx, [saying], turn.now, turn.house)
    return first


def _gives_way(standing: outbox.Placed) -> bool:
    """Whether the day's message can still be the evening's question."""
    if standing.state != "waiting":
        return standing.state == "dropped"
    reasons = Reasons.model_validate_json(standing.payload).reasons
    by_plan = {"report", "evening"}
    return all(one.part in by_plan and one.anchor is not Anchor.OPENING for one in reasons)


def _end(turn: Turn) -> Reply | None:
    """No more of it; the question that lies open stays, as one of the report."""
    chosen = evenings.stop(turn.tx, turn.person.id)
    kept = conversations.conversation_of(turn.tx, turn.person.id)
    desk = standing_desk(turn, kept)
    if desk is not None and desk.place.alone:
        resting = desk.place.screen == "rest"
        place = Place("summary") if resting else replace(desk.place, alone=False)
        desk = moved(turn, desk, place)
        if desk.writable and not resting:
            return show_desk(turn, desk, above=turn.texts.say("evening.stopped"))
    if not chosen and not turn.areas:
        return None
    rows = [_button(turn, "button.report", "rep")] if _waiting_rounds(turn) else []
    if turn.areas:
        rows.append(_button(turn, "evening.button.on", "e.on"))
    return turn.shows(Screen(turn.texts.say("evening.stopped"), tuple(rows)))


def _waiting_rounds(turn: Turn) -> list[Round]:
    """The open rounds in which an area of this person has not sent its report."""
    communes = {places.unit(turn.tx, area).commune_id for area in turn.areas}
    return [
        round_
        for commune_id in sorted(communes)
        for round_ in rounds.open_rounds(turn.tx, commune_id, turn.now)
        if any(
            not (task.is_in or task.office)
            for task in reminder_plans.tasks_of_person(turn.tx, round_.id, turn.person.id)
        )
    ]


def _button(turn: Turn, key: str, action: str) -> tuple[Button, ...]:
    return (Button(turn.texts.say(key), pack(action)),)


ACTIONS: dict[str, Callable[[Turn], Reply | None]] = {"e.on": _begin, "e.off": _end}
