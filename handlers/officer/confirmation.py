"""The office's word on a yes/no indicator of the commune: chosen by button, reasoned in text."""

from typing import Annotated

from criteria.definition import Indicator
from handlers.flow.arguments import one_among
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import EVERYBODY, OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import OpenRound
from handlers.rounds.criteria_sets import set_of
from storage.results import confirmations
from storage.rounds.rounds import Round

_SHORTEST_REASON, _LONGEST_REASON = 8, 500


# An indicator of the round's set on which the office may have the last word.
_confirmable = one_among(
    lambda it: (one for one in set_of(it.before["round"]).indicators if one.confirmable)
)


Confirmable = Annotated[Indicator, _confirmable]


@screen("conf", right=OFFICER)
def choices(context: Context, round: OpenRound, indicator: Confirmable) -> Screen:
    """Yes or no, with the indicator's own wording, and what stands."""
    texts = context.texts
    page = Page(context).say("confirming.ask", short=_short(context, indicator)).line()
    page.say("confirming.wording", wording=indicator.wording)
    page.row(
        ask_reason.button(texts, "button.yes", round, indicator),
        ask_reason.button(texts, "button.no", round, indicator, key="confn"),
    )
    if _say_standing(context, round, indicator, page):
        page.button("button.revoke", revoke.at(round, indicator))
    return page.button("button.status", to("s.home")).screen()


def _say_standing(context: Context, round: Round, indicator: Indicator, page: Page) -> bool:
    """Say what the office has confirmed before, with its reason; False without it."""
    standing = confirmations.confirmations_of(context.tx, round.id).get(indicator.code)
    if standing is None:
        return False
    answer = context.texts.say("value.yes" if standing.answer else "value.no")
    page.say("confirming.stands", answer=answer, reason=standing.reason)
    return True


@screen("confy", right=OFFICER, also=("confn",), asks=True)
def ask_reason(context: Context, round: OpenRound, indicator: Confirmable) -> Screen:
    """Why the office says so."""
    answer = context.texts.say("value.yes" if _yes(context) else "value.no")
    page = Page(context).say("confirming.reason", short=_short(context, indicator), answer=answer)
    _say_standing(context, round, indicator, page)
    return page.back(choices.at(round, indicator)).screen()


@ask_reason.text
def take_reason(
    context: Context, text: str, round: OpenRound, indicator: Confirmable
) -> Next | None:
    """The reason settles the confirmation."""
    if len(text) < _SHORTEST_REASON:
        return Next(context.here, context.texts.say("confirming.too_short"))
    confirmations.confirm(
        context.tx,
        round,
        indicator.code,
        answer=_yes(context),
        reason=text[:_LONGEST_REASON],
        **context.authorship,
    )
    return Next(
        choices.at(round, indicator),
        context.texts.say("confirming.done", short=_short(context, indicator)),
    )


@ask_reason.refused
@screen("confo", right=EVERYBODY)
def too_late(context: Context) -> Screen:
    """The round closed while the reason was written."""
    return Page(context).say("confirming.too_late").button("button.status", to("s.home")).screen()


@action("confx", right=OFFICER)
def revoke(context: Context, round: OpenRound, indicator: Confirmable) -> Next:
    """The office's word no longer stands."""
    confirmations.revoke(context.tx, round, indicator.code, **context.authorship)
    return Next(
        choices.at(round, indicator),
        context.texts.say("confirming.revoked", short=_short(context, indicator)),
    )


def _yes(context: Context) -> bool:
    return context.here.action == "confy"


def _short(context: Context, indicator: Indicator) -> str:
    return context.texts.short(indicator)
