"""The tasks ("🎯 Việc cần làm"): the actions with the greatest effect, by area and people."""

from collections.abc import Sequence
from html import unescape

from criteria.definition import Figure
from criteria.scoring import Action, best_actions
from criteria.scoring.actions import ActionKind
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button
from handlers.flow.press import pack
from handlers.flow.rights import READER
from handlers.flow.routes import page
from handlers.kinds.base import presentation_of
from handlers.status.lines import to_overview, unit_word
from handlers.status.loading import RoundStatus
from handlers.status.view import StatusView
from handlers.texts import Html, Texts

_LENGTH = 160  # of the names of areas and indicators in a sentence
_MOST_TOTALS = 4


@page("s.todo", right=READER)
def todo(context: Context, status: RoundStatus) -> Screen:
    """Show the numbered actions, those with most effect for the least effort first.

    An officer gets buttons to enter missing figures.
    """
    texts = context.texts
    actions = best_actions(status.criteria, status.result, status.facts)
    if status.closed:  # reports are no longer accepted
        actions = tuple(a for a in actions if a.kind in {ActionKind.REACH, ActionKind.AGREE})
    body = ScreenBuilder(context).say("status.todo.title", commune=status.commune.name)
    if not actions:
        body.line().say("status.todo.nothing")
    for number, action in enumerate(actions, start=1):
        body.line("", f"<b>{number}.</b> {_sentence(status, action, texts)}")
    if status.commune.id in context.office_communes:
        _add_missing_figures(body, status, actions, texts)
    suppose = button(texts, "status.button.suppose", "s.if", status.id)
    return body.row(suppose, to_overview(status, texts)).screen()


def _add_missing_figures(
    body: ScreenBuilder, status: StatusView, actions: Sequence[Action], texts: Texts
) -> None:
    """Add a button to enter the figure of each area whose total is missing."""
    found: dict[int, str] = {}
    for action in actions:
        kind = status.criteria.indicator(action.codes[0]).figure_of(office=False)
        if action.kind is ActionKind.FIGURE and kind is not Figure.NONE:
            for share in action.units:
                found.setdefault(share.unit, kind.value)
    for unit, figure in list(found.items())[:_MOST_TOTALS]:
        caption = texts.say("status.button.write_total", unit=status.name(unit, texts))
        body.row(Button(unescape(caption), pack("m.afig", unit, figure)))


def _sentence(status: StatusView, action: Action, texts: Texts) -> Html:
    one = status.result.indicator(action.codes[0])
    word = unit_word(status, one, texts)
    names = [status.name(share.unit, texts) for share in action.units]
    if any(share.count for share in action.units):
        # The word is already in "thêm 240 người. Còn nhiều nhất ở: Khu 3 (78)".
        after = "" if action.kind is ActionKind.REACH else f" {word}"
        names = [
            f"{name} ({texts.number(share.count)}{after})"
            for name, share in zip(names, action.units, strict=True)
        ]
    shorts = (status.short(code, texts) for code in action.codes)
    key = presentation_of(one.kind).action_key(action)
    if action.kind is ActionKind.REPORT and action.count < len(action.units):
        key = "status.todo.some_report"
    if action.kind is ActionKind.AGREE and status.facts.office in {s.unit for s in action.units}:
        key = "status.todo.office_not_yet"
    return texts.say(
        key,
        count=action.count,
        what=texts.listed(shorts, most=_LENGTH),
        names=texts.listed(names, most=_LENGTH),
        unit=word,
    )
