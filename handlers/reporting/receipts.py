"""The receipt of a sent report: what it did for the commune, edited when it is corrected."""

from dataclasses import replace

from criteria.percent import percent_text
from criteria.scoring import Change, Verdict, effect, score
from handlers.channel import Reply, Screen, Shown
from handlers.reporting.desk import Desk
from handlers.reporting.showing import asks_of
from handlers.reporting.summary_screens import receipt_screen
from handlers.texts import Texts
from handlers.turn import Turn
from storage import conversations, results

_MOST_EFFECTS = 3


def sent(turn: Turn, desk: Desk) -> Reply:
    """The receipt in the place of the summary from which the report was sent."""
    before = conversations.shown_message(turn.tx, turn.person.id, "question")
    pressed = turn.incoming.message if turn.incoming.kind == "press" else None
    in_place = pressed if pressed is not None and pressed == before else None
    conversations.forget_shown(turn.tx, turn.person.id, "question")
    screen = _screen(turn, desk)
    shown = Shown(
        screen,
        edit=in_place,
        purpose=_purpose(desk),
        revision=desk.revision,
        strip=None if in_place else before,
        asks=asks_of(desk, screen),
    )
    return Reply((shown,), toast=turn.texts.say("toast.sent"), person=turn.person.id)


def owed(turn: Turn, desk: Desk) -> bool:
    """Whether this person sent the report and never got the receipt: the reply was lost."""
    if not desk.sent or desk.place.screen != "summary":
        return False
    return conversations.shown_message(turn.tx, turn.person.id, _purpose(desk)) is None


def refreshed(turn: Turn, desk: Desk) -> tuple[Shown, ...]:
    """The earlier receipt of this person, brought up to date after a correction."""
    message = conversations.shown_message(turn.tx, turn.person.id, _purpose(desk))
    if message is None:
        return ()
    return (Shown(_screen(turn, desk), edit=message, purpose=_purpose(desk)),)


def _purpose(desk: Desk) -> str:
    return f"receipt:{desk.report.id}"


def _screen(turn: Turn, desk: Desk) -> Screen:
    effects = _effects(turn, desk)
    return receipt_screen(desk, turn.texts, turn.house.zone, effects, turn.now)


def _effects(turn: Turn, desk: Desk) -> list[str]:
    """What this unit's answers do for the commune, in at most three lines."""
    facts = results.round_facts(turn.tx, desk.round, desk.criteria)
    without = {key: v for key, v in facts.counted.items() if key[0] != desk.unit.id}
    before = score(desk.criteria, replace(facts, counted=without))
    after = score(desk.criteria, facts)
    changed = sorted(effect(before, after), key=lambda c: not c.verdict_changed)
    lines: list[str] = [turn.texts.say("receipt.commune", met=after.met, total=after.total)]
    for change in changed[:_MOST_EFFECTS]:
        line = _line(turn.texts, desk, change)
        if line is not None:
            lines.append(line)
    return lines


def _line(texts: Texts, desk: Desk, change: Change) -> str | None:
    indicator = desk.indicator(change.code)
    text = indicator.text(texts.language)
    if change.verdict_changed and change.after.verdict is not Verdict.INSUFFICIENT:
        return texts.say(f"receipt.effect_{change.after.verdict.value}", short=text.short)
    ratio = change.after.ratio
    if ratio is None or not ratio.denominator:
        return None
    percent = percent_text(ratio.numerator, ratio.denominator, indicator.threshold, texts.language)
    if ratio.gap:
        return texts.say(
            "receipt.effect_gap",
            short=text.short,
            percent=percent,
            gap=ratio.gap,
            unit=text.unit or "",
        )
    return texts.say("receipt.effect_share", short=text.short, percent=percent)
