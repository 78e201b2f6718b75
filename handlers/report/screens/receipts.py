"""The receipt of a sent report: its effect for the commune; a correction updates it."""

from dataclasses import replace

from criteria.scoring import IndicatorChange, Verdict, effect, score
from handlers.flow.channel import Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.kinds.base import presentation_of
from handlers.report.screens.screen import shown_question
from handlers.report.screens.summary_screens import receipt_screen
from handlers.report.view import ReportView
from handlers.texts import Texts
from storage.conversations import conversations
from storage.reports import reports
from storage.results import current_facts
from storage.results.unchanged import unchanged

_MOST_EFFECTS = 3


def sent(context: Context, view: ReportView) -> Reply:
    """Show the receipt instead of the summary from which the report was sent."""
    shown = shown_question(context, _screen(context, view), view)
    conversations.forget_shown(context.tx, context.person.id, context.bot, "question")
    shown = replace(shown, purpose=_purpose(view))
    return Reply((shown,), toast=context.texts.say("toast.sent"), person=context.person.id)


def lost(context: Context, view: ReportView) -> bool:
    """Return whether this person sent the report and got no receipt, as the reply was lost."""
    if not view.report.is_in or view.place.screen != "summary":
        return False
    return (
        conversations.shown_message(context.tx, context.person.id, context.bot, _purpose(view))
        is None
    )


def refreshed(context: Context, view: ReportView) -> tuple[Shown, ...]:
    """Return this person's earlier receipt, updated after a correction; () without one."""
    message = conversations.shown_message(
        context.tx, context.person.id, context.bot, _purpose(view)
    )
    if message is None:
        return ()
    return (Shown(_screen(context, view), edit=message, purpose=_purpose(view)),)


def _purpose(view: ReportView) -> str:
    return f"receipt:{view.report.id}"


def _screen(context: Context, view: ReportView) -> Screen:
    effects = _effects(context, view)
    same = len(unchanged(context.tx, view.report.id))
    zone = context.deployment.zone
    return receipt_screen(view, context.texts, zone, effects, context.now, same)


def _effects(context: Context, view: ReportView) -> list[str]:
    """Return the commune's result, and the effect of this unit's answers in at most three lines."""
    facts = current_facts.round_facts(context.tx, view.round, view.criteria)
    without = {key: v for key, v in facts.counted.items() if key[0] != view.unit.id}
    before = score(view.criteria, replace(facts, counted=without))
    after = score(view.criteria, facts)
    changed = sorted(effect(before, after), key=lambda c: not c.verdict_changed)
    lines = (_line(context.texts, view, change, facts.office) for change in changed[:_MOST_EFFECTS])
    states = current_facts.report_states(context.tx, view.round.id)
    done = sum(one in states and states[one].state in reports.IN for one in facts.areas)
    commune = context.texts.say(
        "receipt.commune" if done == len(facts.areas) else "receipt.commune_first",
        met=after.met, total=after.total, done=done, areas=len(facts.areas),
    )  # fmt: skip
    return [commune, *(line for line in lines if line is not None)]


def _line(
    texts: Texts, view: ReportView, change: IndicatorChange, office: int | None
) -> str | None:
    indicator = view.indicator(change.code)
    text = indicator.text(texts.language)
    if change.verdict_changed and change.after.verdict is not Verdict.INSUFFICIENT:
        return texts.say(f"receipt.effect_{change.after.verdict.value}", short=text.short)
    return presentation_of(indicator.kind).receipt_line(change.after, indicator, office, texts)
