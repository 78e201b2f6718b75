"""Writing a notice: to whom, the words, a look before with the count, and only then it goes out."""

from handlers.announcements.scope import Scope, readers, scope_of
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.flow.screen_json import to_json
from handlers.officer import access
from handlers.reminders.reasons import WRITTEN
from handlers.report.wording import unit_text
from handlers.rounds.wording import tag
from handlers.texts import Html, Texts, texts_of
from storage import notices, outbox, places
from storage.notices import Audience
from storage.places import Unit

LONGEST = 1000
_PRIORITY = 3  # before reminders, after what answers somebody


def _ask_whom(context: Context, press: Press, said: Said) -> Screen | None:
    scope = scope_of(context, press.number(0))
    if scope is None:
        return None
    texts = context.texts
    rows: list[tuple[Button, ...]] = []
    for audience in scope.audiences:
        if audience == "area":
            rows.append((button(texts, "written.button.area", "n.area", scope.number),))
            continue
        count = len(readers(context, scope, audience, None))
        label = texts.say(f"written.button.{audience}", count=count)
        rows.append((Button(label, pack("n.text", scope.number, audience)),))
    return Screen(texts.say("written.whom"), (*rows, back(texts, "n.list", scope.number)))


def _ask_area(context: Context, press: Press, said: Said) -> Screen | None:
    scope = scope_of(context, press.number(0))
    if scope is None or scope.commune_id is None:
        return None
    rows = listed(
        context.texts,
        access.narrowed(access.areas_now(context, scope.number), said),
        press.number(1),
        lambda one: Button(
            unit_text(one, context.texts), pack("n.text", scope.number, "area", one.id)
        ),
        lambda page: pack("n.area", scope.number, page),
    )
    return Screen(
        context.texts.say("written.which_area"), (*rows, back(context.texts, "n.who", scope.number))
    )


def _take_area(context: Context, press: Press, said: Said, text: str) -> Next | None:
    found = access.named(context, press.number(0), text)
    return access.going(
        press, found, lambda one: to("n.text", press.number(0) or 0, "area", one.id)
    )


def _ask_words(context: Context, press: Press, said: Said) -> Screen | None:
    found = _about(context, press)
    if found is None:
        return None
    scope, audience, unit = found
    count = len(readers(context, scope, audience, unit.id if unit else None))
    text = context.texts.say("written.words", whom=_whom(context, audience, unit), count=count)
    return Screen(text, (back(context.texts, "n.who", scope.number),))


def _take_words(context: Context, press: Press, said: Said, text: str) -> Next | None:
    if _about(context, press) is None:
        return None
    words = text.strip()
    if len(words) > LONGEST:
        return Next(press, context.texts.say("written.too_long", most=LONGEST, count=len(words)))
    return Next(to("n.prev", *_here(press)), said=(words,))


def _preview(context: Context, press: Press, said: Said) -> Screen | None:
    found = _about(context, press)
    if found is None or not said:
        return _ask_words(context, press, said)
    scope, audience, unit = found
    count = len(readers(context, scope, audience, unit.id if unit else None))
    texts = context.texts
    rows = [back(texts, "n.text", *_here(press))]
    if count:
        label = texts.say("written.button.send", count=count)
        rows.insert(0, (Button(label, pack("n.send", *_here(press), tag(said[0]))),))
    key = "written.look" if count else "written.nobody"
    lines = [
        texts.say(key, whom=_whom(context, audience, unit), count=count),
        "",
        _words(texts, scope, said[0]),
    ]
    return Screen("\n".join(lines), tuple(rows))


def _send(context: Context, press: Press, said: Said) -> Next | None:
    """Put it on its way to each reader, in their language's frame; pressed twice it goes once."""
    found = _about(context, press)
    if found is None:
        return None
    scope, audience, unit = found
    if not said or press.number(len(_here(press))) != tag(said[0]):
        return Next(to("n.list", scope.number))
    whom = readers(context, scope, audience, unit.id if unit else None)
    if not whom:
        return Next(to("n.prev", *_here(press)), said=said)
    made = notices.write_notice(
        context.tx, audience, said[0], context.now, by=context.person.id,
        commune_id=scope.commune_id, unit_id=unit.id if unit else None, count=len(whom),
    )  # fmt: skip
    payloads = {
        language: to_json(_message(texts_of(language), scope, said[0]))
        for language in set(whom.values())
    }
    drafts = [
        outbox.Draft(person, WRITTEN, payloads[language], context.now, _PRIORITY, notice_id=made)
        for person, language in whom.items()
    ]
    outbox.enqueue_all(context.tx, drafts, context.now)
    return Next(to("n.one", made), context.texts.say("written.on_its_way", count=len(whom)))


def _about(context: Context, press: Press) -> tuple[Scope, Audience, Unit | None] | None:
    scope = scope_of(context, press.number(0))
    audience = (
        next((one for one in scope.audiences if one == press.text(1)), None) if scope else None
    )
    if scope is None or audience is None:
        return None
    if audience != "area":
        return scope, audience, None
    unit = access.area(context, press.number(2), scope.commune_id)
    return (scope, audience, unit) if unit is not None else None


def _here(press: Press) -> tuple[int | str, ...]:
    """The part of an address that says to whom."""
    here: tuple[int | str, ...] = (press.number(0) or 0, press.text(1))
    unit = press.number(2) if press.text(1) == "area" else None
    return (*here, unit) if unit is not None else here


def _whom(context: Context, audience: Audience, unit: Unit | None) -> str:
    if unit is not None:
        return unit_text(places.unit(context.tx, unit.id), context.texts)
    return context.texts.say(f"written.to_{audience}")


def _words(texts: Texts, scope: Scope, words: str) -> Html:
    name = scope.communes[0].name if scope.number else texts.say("written.operator")
    return texts.say("written.message", name=name, text=words)


def _message(texts: Texts, scope: Scope, words: str) -> Screen:
    return Screen(_words(texts, scope, words), ((button(texts, "button.home", "home"),),))


STEPS = Steps(
    views={"n.who": _ask_whom, "n.area": _ask_area, "n.text": _ask_words, "n.prev": _preview},
    deeds={"n.send": _send},
    takes={"n.area": _take_area, "n.text": _take_words},
    asking=frozenset({"n.text"}),
)
