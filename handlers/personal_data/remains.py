"""Texts that may still mean somebody who was forgotten: masked by an officer, or left."""

from html import escape

from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, to
from handlers.flow.press import Press
from handlers.officer import access
from handlers.texts import Html
from storage.personal_data import remains
from storage.personal_data.remains import Remain

_AROUND = 150  # letters shown before and after the words


def _first(context: Context, press: Press, said: Said) -> Screen | None:
    """The oldest that nobody has looked at."""
    commune = access.commune(context, press.number(0))
    if commune is None:
        return None
    texts = context.texts
    found = remains.of_commune(context.tx, commune.id)
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


def _mask(context: Context, press: Press, said: Said) -> Next | None:
    return _settle(context, press, mask=True)


def _leave(context: Context, press: Press, said: Said) -> Next | None:
    return _settle(context, press, mask=False)


def _settle(context: Context, press: Press, *, mask: bool) -> Next | None:
    one = remains.remain(context.tx, press.number(0) or 0)
    if one is None or access.commune(context, one.commune_id) is None:
        return None
    remains.settle(context.tx, one, context.now, mask=mask)
    above = context.texts.say("remains.masked" if mask else "remains.left")
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
