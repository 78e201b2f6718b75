"""The office's word on a yes/no indicator of the commune: chosen by button, reasoned in text."""

from criteria.definition import Indicator
from criteria.reading import read
from handlers.channel import Button, Reply, Screen, Shown
from handlers.criteria_sets import set_of
from handlers.presses import Press, pack
from handlers.turn import Turn
from handlers.waiting import await_text, stop_waiting
from storage import confirmations, rounds
from storage.rounds import Round

AWAITS_REASON = "confirm_reason"
_SHORTEST_REASON, _LONGEST_REASON = 8, 500


def pressed(turn: Turn, press: Press) -> Reply | None:
    """Ask, or settle, what the office confirms. None: not this person's, or not possible now."""
    found = _allowed(turn, press.number(0), press.text(1))
    if found is None:
        return None
    round_, indicator = found
    if press.action == "conf":
        return _choices(turn, round_, indicator)
    if press.action == "confx":
        confirmations.revoke(turn.tx, round_, indicator.code, by=turn.person.id, now=turn.now)
        return _done(turn, "confirming.revoked", indicator)
    return _ask_reason(turn, round_, indicator, answer=press.action == "confy")


def _allowed(turn: Turn, round_id: int | None, code: str) -> tuple[Round, Indicator] | None:
    round_ = rounds.round_by_id(turn.tx, round_id) if round_id is not None else None
    if round_ is None or round_.commune_id not in turn.office_communes:
        return None
    if round_.state != "open" or turn.now >= round_.closes_at:
        return None
    indicator = next((i for i in set_of(round_).indicators if i.code == code), None)
    return (round_, indicator) if indicator is not None and indicator.confirmable else None


def _choices(turn: Turn, round_: Round, indicator: Indicator) -> Reply:
    texts = turn.texts
    standing = confirmations.confirmations_of(turn.tx, round_.id).get(indicator.code)
    short = indicator.text(texts.language).short
    lines = [
        texts.say("confirming.ask", short=short),
        "",
        texts.say("confirming.wording", wording=indicator.wording),
    ]
    rows: list[tuple[Button, ...]] = [
        (
            Button(texts.say("button.yes"), pack("confy", round_.id, indicator.code)),
            Button(texts.say("button.no"), pack("confn", round_.id, indicator.code)),
        ),
    ]
    if standing is not None:
        answer = texts.say("value.yes" if standing.answer else "value.no")
        lines.append(texts.say("confirming.stands", answer=answer, reason=standing.reason))
        rows.append((Button(texts.say("button.revoke"), pack("confx", round_.id, indicator.code)),))
    rows.append((Button(texts.say("button.status"), pack("s.home")),))
    screen = Screen("\n".join(lines), tuple(rows))
    return Reply((Shown(screen, edit=turn.incoming.message),), person=turn.person.id)


def _ask_reason(turn: Turn, round_: Round, indicator: Indicator, *, answer: bool) -> Reply:
    await_text(turn, AWAITS_REASON, str(round_.id), indicator.code, "y" if answer else "n")
    short = indicator.text(turn.texts.language).short
    text = turn.texts.say(
        "confirming.reason",
        short=short,
        answer=turn.texts.say("value.yes" if answer else "value.no"),
    )
    return Reply((Shown(Screen(text), edit=turn.incoming.message),), person=turn.person.id)


def reason_given(turn: Turn, awaiting: tuple[str, ...]) -> Reply:
    """The typed reason settles the confirmation; "huỷ" leaves everything as it was."""
    _, round_id, code, answer = awaiting
    text = turn.incoming.text.strip()
    leaves = read(text, "yes_no").command in {"cancel", "back"}
    if len(text) < _SHORTEST_REASON and not leaves:
        return _sentence(turn, turn.texts.say("confirming.too_short"))
    stop_waiting(turn)
    found = _allowed(turn, int(round_id), code)
    if found is None:
        return _sentence(turn, turn.texts.say("confirming.too_late"))
    round_, indicator = found
    if leaves:
        return _done(turn, "confirming.left", indicator)
    confirmations.confirm(
        turn.tx,
        round_,
        indicator.code,
        answer=answer == "y",
        reason=text[:_LONGEST_REASON],
        by=turn.person.id,
        now=turn.now,
    )
    return _done(turn, "confirming.done", indicator)


def _done(turn: Turn, key: str, indicator: Indicator) -> Reply:
    short = indicator.text(turn.texts.language).short
    return _sentence(turn, turn.texts.say(key, short=short))


def _sentence(turn: Turn, text: str) -> Reply:
    rows = ((Button(turn.texts.say("button.status"), pack("s.home")),),)
    edit = turn.incoming.message if turn.incoming.kind == "press" else None
    return Reply((Shown(Screen(text, rows), edit=edit),), person=turn.person.id)
