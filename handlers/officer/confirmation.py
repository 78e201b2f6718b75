"""The office's word on a yes/no indicator of the commune: chosen by button, reasoned in text."""

from criteria.definition import Indicator
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press
from handlers.rounds.criteria_sets import set_of
from handlers.texts import Html
from storage import confirmations, rounds
from storage.rounds import Round

_SHORTEST_REASON, _LONGEST_REASON = 8, 500


def _allowed(context: Context, press: Press) -> tuple[Round, Indicator] | None:
    round_id, code = press.number(0), press.text(1)
    round_ = rounds.round_by_id(context.tx, round_id) if round_id is not None else None
    if round_ is None or round_.commune_id not in context.office_communes:
        return None
    if round_.state != "open" or context.now >= round_.closes_at:
        return None
    indicator = next((i for i in set_of(round_).indicators if i.code == code), None)
    return (round_, indicator) if indicator is not None and indicator.confirmable else None


def _choices(context: Context, press: Press, said: Said) -> Screen | None:
    found = _allowed(context, press)
    if found is None:
        return None
    texts, (round_, indicator) = context.texts, found
    here = (round_.id, indicator.code)
    standing = confirmations.confirmations_of(context.tx, round_.id).get(indicator.code)
    lines = [
        texts.say("confirming.ask", short=_short(context, indicator)),
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


def _ask_reason(context: Context, press: Press, said: Said) -> Screen | None:
    found = _allowed(context, press)
    if found is None:
        return None
    round_, indicator = found
    text = context.texts.say(
        "confirming.reason",
        short=_short(context, indicator),
        answer=context.texts.say("value.yes" if press.action == "confy" else "value.no"),
    )
    return Screen(text, (back(context.texts, "conf", round_.id, indicator.code),))


def _take_reason(context: Context, press: Press, said: Said, text: str) -> Next:
    """The reason settles the confirmation."""
    found = _allowed(context, press)
    if found is None:
        return Next(to("confo"))
    if len(text) < _SHORTEST_REASON:
        return Next(press, context.texts.say("confirming.too_short"))
    round_, indicator = found
    confirmations.confirm(
        context.tx,
        round_,
        indicator.code,
        answer=press.action == "confy",
        reason=text[:_LONGEST_REASON],
        by=context.person.id,
        now=context.now,
    )
    done = context.texts.say("confirming.done", short=_short(context, indicator))
    return Next(to("conf", round_.id, indicator.code), done)


def _revoke(context: Context, press: Press, said: Said) -> Next | None:
    found = _allowed(context, press)
    if found is None:
        return None
    round_, indicator = found
    confirmations.revoke(context.tx, round_, indicator.code, by=context.person.id, now=context.now)
    done = context.texts.say("confirming.revoked", short=_short(context, indicator))
    return Next(to("conf", round_.id, indicator.code), done)


def _too_late(context: Context, press: Press, said: Said) -> Screen:
    rows = ((button(context.texts, "button.status", "s.home"),),)
    return Screen(context.texts.say("confirming.too_late"), rows)


def _short(context: Context, indicator: Indicator) -> Html | str:
    return indicator.text(context.texts.language).short


STEPS = Steps(
    views={"conf": _choices, "confy": _ask_reason, "confn": _ask_reason, "confo": _too_late},
    deeds={"confx": _revoke},
    takes={"confy": _take_reason, "confn": _take_reason},
    asking=frozenset({"confy", "confn"}),
)
