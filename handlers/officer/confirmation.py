"""The office's word on a yes/no indicator of the commune: chosen by button, reasoned in text."""

from criteria.definition import Indicator
from handlers.flow.arguments import one_among
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import Page, to
from handlers.flow.rights import EVERYBODY, OFFICER
from handlers.flow.routes import Next, NoArguments, action, argument, screen
from handlers.officer.access import OfOpenRound
from handlers.rounds.criteria_sets import set_of
from storage.results import confirmations

_SHORTEST_REASON, _LONGEST_REASON = 8, 500


# An indicator of the round's set on which the office may have the last word.
_confirmable = one_among(
    lambda it: (one for one in set_of(it.before["round"]).indicators if one.confirmable)
)


class _At(OfOpenRound):
    indicator: Indicator = argument(_confirmable)


@screen("conf", _At, right=OFFICER)
def choices(context: Context, at: _At) -> Screen:
    """Yes or no, with the indicator's own wording, and what stands."""
    texts = context.texts
    page = Page(context).say("confirming.ask", short=_short(context, at)).line()
    page.say("confirming.wording", wording=at.indicator.wording)
    page.row(
        ask_reason.button(texts, "button.yes", at),
        ask_reason.button(texts, "button.no", at, key="confn"),
    )
    if _say_standing(context, at, page):
        page.button("button.revoke", revoke.at(at))
    return page.button("button.status", to("s.home")).screen()


def _say_standing(context: Context, at: _At, page: Page) -> bool:
    """Say what the office has confirmed before, with its reason; False without it."""
    standing = confirmations.confirmations_of(context.tx, at.round.id).get(at.indicator.code)
    if standing is None:
        return False
    answer = context.texts.say("value.yes" if standing.answer else "value.no")
    page.say("confirming.stands", answer=answer, reason=standing.reason)
    return True


@screen("confy", _At, right=OFFICER, also=("confn",), asks=True)
def ask_reason(context: Context, at: _At) -> Screen:
    """Why the office says so."""
    answer = context.texts.say("value.yes" if _yes(context) else "value.no")
    page = Page(context).say("confirming.reason", short=_short(context, at), answer=answer)
    _say_standing(context, at, page)
    return page.back(choices.at(at)).screen()


@ask_reason.text
def take_reason(context: Context, at: _At, text: str) -> Next | None:
    """The reason settles the confirmation."""
    if len(text) < _SHORTEST_REASON:
        return Next(context.here, context.texts.say("confirming.too_short"))
    confirmations.confirm(
        context.tx,
        at.round,
        at.indicator.code,
        answer=_yes(context),
        reason=text[:_LONGEST_REASON],
        **context.authorship,
    )
    return Next(choices.at(at), context.texts.say("confirming.done", short=_short(context, at)))


@ask_reason.refused
@screen("confo", NoArguments, right=EVERYBODY)
def too_late(context: Context, at: NoArguments) -> Screen:
    """The round closed while the reason was written."""
    return Page(context).say("confirming.too_late").button("button.status", to("s.home")).screen()


@action("confx", _At, right=OFFICER)
def revoke(context: Context, at: _At) -> Next:
    """The office's word no longer stands."""
    confirmations.revoke(context.tx, at.round, at.indicator.code, **context.authorship)
    return Next(choices.at(at), context.texts.say("confirming.revoked", short=_short(context, at)))


def _yes(context: Context) -> bool:
    return context.here.action == "confy"


def _short(context: Context, at: _At) -> str:
    return context.texts.short(at.indicator)
