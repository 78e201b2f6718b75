"""What to do ("🎯 Việc cần làm"): the few actions that would win most, by area and in people."""

from criteria.scoring import Action, best_actions
from criteria.scoring.actions import Kind
from handlers.flow.channel import Button, Screen
from handlers.flow.press import pack
from handlers.status.lines import unit_word
from handlers.status.view import StatusView, listed
from handlers.texts import Html, Texts

_NAMES_LENGTH = 160
_SHORTS_LENGTH = 160


def todo_screen(status: StatusView, texts: Texts) -> Screen:
    """Numbered sentences, the ones that win most for the least effort first."""
    actions = best_actions(status.criteria, status.result, status.facts)
    if status.closed:  # nobody can send any more
        actions = tuple(a for a in actions if a.kind in {Kind.REACH, Kind.AGREE})
    lines: list[str] = [texts.say("status.todo.title", commune=status.commune), ""]
    if not actions:
        lines.append(texts.say("status.todo.nothing"))
    for number, action in enumerate(actions, start=1):
        lines += [f"<b>{number}.</b> {_sentence(status, action, texts)}", ""]
    here = status.round_id
    suppose = Button(texts.say("status.button.suppose"), pack("s.if", here))
    overview = Button(texts.say("status.button.overview"), pack("s.full", here))
    return Screen("\n".join(lines).rstrip(), ((suppose, overview),))


def _sentence(status: StatusView, action: Action, texts: Texts) -> Html:
    one = status.result.indicator(action.codes[0])
    word = unit_word(status, one, texts)
    said_before = action.kind.value == "reach"  # "thêm 240 người. Còn nhiều nhất ở: Khu 3 (78)"
    counts = any(share.count for share in action.units)
    names = (
        f"{status.name(share.unit, texts)} ({texts.number(share.count)}"
        f"{'' if said_before else f' {word}'})"
        if counts
        else status.name(share.unit, texts)
        for share in action.units
    )
    shorts = (status.criteria.indicator(code).text(texts.language).short for code in action.codes)
    key = f"status.todo.{action.kind.value}"
    if action.kind.value == "report" and action.count < len(action.units):
        key = "status.todo.some_report"
    if action.kind.value == "agree" and status.facts.office in {s.unit for s in action.units}:
        key = "status.todo.office_not_yet"
    return texts.say(
        key,
        count=action.count,
        what=listed(shorts, texts, most=_SHORTS_LENGTH),
        names=listed(names, texts, most=_NAMES_LENGTH),
        unit=word,
    )
