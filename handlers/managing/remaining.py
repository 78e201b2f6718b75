"""Texts that may still mean somebody who was forgotten: masked by an officer, or left."""

from html import escape

from handlers.channel import Screen
from handlers.managing import office
from handlers.presses import Press
from handlers.steps import Next, Said, Steps, back, button, to
from handlers.texts import Html
from handlers.turn import Turn
from storage import remains
from storage.remains import Remain

_AROUND = 150  # letters shown before and after the words


def _first(turn: Turn, press: Press, said: Said) -> Screen | None:
    """The oldest that nobody has looked at."""
    commune = office.commune(turn, press.number(0))
    if commune is None:
        return None
    texts = turn.texts
    found = remains.of_commune(turn.tx, commune.id)
    leaves = back(texts, "m.hub", commune.id)
    if not found:
        return Screen(texts.say("remains.none"), (leaves,))
    one = found[0]
    rows = (
        (button(texts, "remains.button.mask", "m.namey", one.id),),
        (button(texts, "remains.button.leave", "m.namen", one.id),),
        leaves,
    )
    text = texts.say("remains.one", count=len(found), text=_shown(one))
    return Screen(text, rows)


def _mask(turn: Turn, press: Press, said: Said) -> Next | None:
    return _settle(turn, press, mask=True)


def _leave(turn: Turn, press: Press, said: Said) -> Next | None:
    return _settle(turn, press, mask=False)


def _settle(turn: Turn, press: Press, *, mask: bool) -> Next | None:
    one = remains.remain(turn.tx, press.number(0) or 0)
    if one is None or office.commune(turn, one.commune_id) is None:
        return None
    remains.settle(turn.tx, one, turn.now, mask=mask)
    above = turn.texts.say("remains.masked" if mask else "remains.left")
    return Next(to("m.names", one.commune_id), above)


def _shown(one: Remain) -> Html:
    """The text around the words, which stand out."""
    parts, end = [], max(one.spans[0][0] - _AROUND, 0)
    for begins, ends in one.spans:
        parts.append(escape(one.text[end:begins], quote=False))
        parts.append(f"<b>{escape(one.text[begins:ends], quote=False)}</b>")
        end = ends
    rest = one.text[end : end + _AROUND]
    return Html("".join([*parts, escape(rest, quote=False)]))


STEPS = Steps(views={"m.names": _first}, deeds={"m.namey": _mask, "m.namen": _leave})
