"""The office's confirmation of a yes/no indicator: yes or no by button, its reason as text."""

from typing import Annotated

from criteria.definition import Indicator
from handlers.flow.arguments import one_among
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, to
from handlers.flow.rights import EVERYBODY, OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import OpenRound
from handlers.rounds.criteria_sets import set_of
from storage.results import confirmations
from storage.rounds.rounds import Round

_SHORTEST_REASON, _LONGEST_REASON = 8, 500

# An indicator of the round's set which the office may confirm.
Confirmable = Annotated[
    Indicator,
    one_among(lambda it: (one for one in set_of(it.before["round"]).indicators if one.confirmable)),
]


@screen("conf", right=OFFICER)
def choices(context: Context, round: OpenRound, indicator: Confirmable) -> Screen:
    """Ask the officer for yes or no; show the indicator's wording and the present confirmation."""
    texts = context.texts
    page = ScreenBuilder(context).say("confirming.ask", short=texts.short(indicator)).line()
    page.say("confirming.wording", wording=indicator.wording)
    page.row(
        ask_reason.button(texts, "button.yes", round, indicator),
        ask_reason.button(texts, "button.no", round, indicator, key="confn"),
    )
    if _add_confirmation(context, round, indicator, page):
        page.button("button.revoke", revoke.at(round, indicator))
    return page.button("button.status", to("s.home")).screen()


def _add_confirmation(
    context: Context, round: Round, indicator: Indicator, page: ScreenBuilder
) -> bool:
    """Add the present confirmation with its reason; False without one."""
    present = confirmations.confirmations_of(context.tx, round.id).get(indicator.code)
    if present is None:
        return False
    answer = context.texts.say("value.yes" if present.answer else "value.no")
    page.say("confirming.stands", answer=answer, reason=present.reason)
    return True


@screen("confy", right=OFFICER, also=("confn",), asks=True)
def ask_reason(context: Context, round: OpenRound, indicator: Confirmable) -> Screen:
    """Ask for the reason of the confirmation."""
    texts, answer = context.texts, "value.yes" if _yes(context) else "value.no"
    page = ScreenBuilder(context)
    page.say("confirming.reason", short=texts.short(indicator), answer=texts.say(answer))
    _add_confirmation(context, round, indicator, page)
    return page.back(choices.at(round, indicator)).screen()


@ask_reason.text
def take_reason(
    context: Context, text: str, round: OpenRound, indicator: Confirmable
) -> Next | None:
    """Store the confirmation with its typed reason."""
    if len(text) < _SHORTEST_REASON:
        return Next(context.here, context.texts.say("confirming.too_short"))
    reason = text[:_LONGEST_REASON]
    confirmations.confirm(
        context.tx, round, indicator.code, answer=_yes(context), reason=reason, **context.authorship
    )
    return _done(context, round, indicator, "confirming.done")


@ask_reason.refused
@screen("confo", right=EVERYBODY)
def too_late(context: Context) -> Screen:
    """Tell that the round closed while the reason was written."""
    return (
        ScreenBuilder(context)
        .say("confirming.too_late")
        .button("button.status", to("s.home"))
        .screen()
    )


@action("confx", right=OFFICER)
def revoke(context: Context, round: OpenRound, indicator: Confirmable) -> Next:
    """Revoke the office's confirmation."""
    confirmations.revoke(context.tx, round, indicator.code, **context.authorship)
    return _done(context, round, indicator, "confirming.revoked")


def _done(context: Context, round: Round, indicator: Indicator, key: str) -> Next:
    done = context.texts.say(key, short=context.texts.short(indicator))
    return Next(choices.at(round, indicator), done)


def _yes(context: Context) -> bool:
    return context.here.action == "confy"
