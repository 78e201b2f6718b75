"""The office's word on a yes/no indicator of the commune: chosen by button, reasoned in text."""

from criteria.definition import Indicator
from handlers.channel import Button, Screen
from handlers.criteria_sets import set_of
from handlers.presses import Press
from handlers.steps import Next, Said, Steps, back, button, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import confirmations, rounds
from storage.rounds import Round

_SHORTEST_REASON, _LONGEST_REASON = 8, 500


def _allowed(turn: Turn, press: Press) -> tuple[Round, Indicator] | None:
    round_id, code = press.number(0), press.text(1)
    round_ = rounds.round_by_id(turn.tx, round_id) if round_id is not None else None
    if round_ is None or round_.commune_id not in turn.office_communes:
        return None
    if round_.state != "open" or turn.now >= round_.closes_at:
        return None
    indicator = next((i for i in set_of(round_).indicators if i.code == code), None)
    return (round_, indicator) if indicator is not None and indicator.confirmable else None


def _choices(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = _allowed(turn, press)
    if found is None:
        return None
    texts, (round_, indicator) = turn.texts, found
    here = (round_.id, indicator.code)
    standing = confirmations.confirmations_of(turn.tx, round_.id).get(indicator.code)
    lines = [
        texts.say("confirming.ask", short=_short(turn, indicator)),
        "",
        texts.say("confirming.wording", wording=indicator.wording),
    ]
    rows: list[tuple[Button, ...]] = [
        (button(texts, "button.yes", "confy", *here), button(texts, "button.no", "confn", *here)),
    ]
    if standing is not None:
        answer = texts.say("value.yes" if standing.answer else "value.no")
        lines.append(texts.say("confirming.stands", answer=answer, reason=standing.reason))
        rows.append((button(texts, "button.revoke", "confx", *here),))
    rows.append((button(texts, "button.status", "s.home"),))
    return Screen("\n".join(lines), tuple(rows))


def _ask_reason(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = _allowed(turn, press)
    if found is None:
        return None
    round_, indicator = found
    text = turn.texts.say(
        "confirming.reason",
        short=_short(turn, indicator),
        answer=turn.texts.say("value.yes" if press.action == "confy" else "value.no"),
    )
    return Screen(text, (back(turn.texts, "conf", round_.id, indicator.code),))


def _take_reason(turn: Turn, press: Press, said: Said, text: str) -> Next:
    """The reason settles the confirmation."""
    found = _allowed(turn, press)
    if found is None:
        return Next(to("confo"))
    if len(text) < _SHORTEST_REASON:
        return Next(press, turn.texts.say("confirming.too_short"))
    round_, indicator = found
    confirmations.confirm(
        turn.tx,
        round_,
        indicator.code,
        answer=press.action == "confy",
        reason=text[:_LONGEST_REASON],
        by=turn.person.id,
        now=turn.now,
    )
    done = turn.texts.say("confirming.done", short=_short(turn, indicator))
    return Next(to("conf", round_.id, indicator.code), done)


def _revoke(turn: Turn, press: Press, said: Said) -> Next | None:
    found = _allowed(turn, press)
    if found is None:
        return None
    round_, indicator = found
    confirmations.revoke(turn.tx, round_, indicator.code, by=turn.person.id, now=turn.now)
    done = turn.texts.say("confirming.revoked", short=_short(turn, indicator))
    return Next(to("conf", round_.id, indicator.code), done)


def _too_late(turn: Turn, press: Press, said: Said) -> Screen:
    rows = ((button(turn.texts, "button.status", "s.home"),),)
    return Screen(turn.texts.say("confirming.too_late"), rows)


def _short(turn: Turn, indicator: Indicator) -> Html | str:
    return indicator.text(turn.texts.language).short


STEPS = Steps(
    views={"conf": _choices, "confy": _ask_reason, "confn": _ask_reason, "confo": _too_late},
    deeds={"confx": _revoke},
    takes={"confy": _take_reason, "confn": _take_reason},
    asking=frozenset({"confy", "confn"}),
)
