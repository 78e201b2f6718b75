"""Writing a notice: to whom, the words, a look before with the count, and only then it goes out."""

from handlers.channel import Button, Screen
from handlers.managing import office
from handlers.managing.periods import tag
from handlers.noticing.scope import Scope, readers, scope_of
from handlers.presses import Press, pack
from handlers.reminding.reasons import WRITTEN
from handlers.reporting.wording import unit_text
from handlers.screen_json import to_json
from handlers.steps import Next, Said, Steps, back, button, listed, to
from handlers.texts import Html, Texts, texts_of
from handlers.turn import Turn
from storage import notices, outbox, places
from storage.notices import Audience
from storage.places import Unit

LONGEST = 1000
_PRIORITY = 3  # before reminders, after what answers somebody


def _ask_whom(turn: Turn, press: Press, said: Said) -> Screen | None:
    scope = scope_of(turn, press.number(0))
    if scope is None:
        return None
    texts = turn.texts
    rows: list[tuple[Button, ...]] = []
    for audience in scope.audiences:
        if audience == "area":
            rows.append((button(texts, "written.button.area", "n.area", scope.number),))
            continue
        count = len(readers(turn, scope, audience, None))
        label = texts.say(f"written.button.{audience}", count=count)
        rows.append((Button(label, pack("n.text", scope.number, audience)),))
    return Screen(texts.say("written.whom"), (*rows, back(texts, "n.list", scope.number)))


def _ask_area(turn: Turn, press: Press, said: Said) -> Screen | None:
    scope = scope_of(turn, press.number(0))
    if scope is None or scope.commune_id is None:
        return None
    rows = listed(
        turn.texts,
        office.narrowed(office.areas_now(turn, scope.number), said),
        press.number(1),
        lambda one: Button(
            unit_text(one, turn.texts), pack("n.text", scope.number, "area", one.id)
        ),
        lambda page: pack("n.area", scope.number, page),
    )
    return Screen(
        turn.texts.say("written.which_area"), (*rows, back(turn.texts, "n.who", scope.number))
    )


def _take_area(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    found = office.named(turn, press.number(0), text)
    return office.going(
        press, found, lambda one: to("n.text", press.number(0) or 0, "area", one.id)
    )


def _ask_words(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = _about(turn, press)
    if found is None:
        return None
    scope, audience, unit = found
    count = len(readers(turn, scope, audience, unit.id if unit else None))
    text = turn.texts.say("written.words", whom=_whom(turn, audience, unit), count=count)
    return Screen(text, (back(turn.texts, "n.who", scope.number),))


def _take_words(turn: Turn, press: Press, said: Said, text: str) -> Next | None:
    if _about(turn, press) is None:
        return None
    words = text.strip()
    if len(words) > LONGEST:
        return Next(press, turn.texts.say("written.too_long", most=LONGEST, count=len(words)))
    return Next(to("n.prev", *_here(press)), said=(words,))


def _preview(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = _about(turn, press)
    if found is None or not said:
        return _ask_words(turn, press, said)
    scope, audience, unit = found
    count = len(readers(turn, scope, audience, unit.id if unit else None))
    texts = turn.texts
    rows = [back(texts, "n.text", *_here(press))]
    if count:
        label = texts.say("written.button.send", count=count)
        rows.insert(0, (Button(label, pack("n.send", *_here(press), tag(said[0]))),))
    key = "written.look" if count else "written.nobody"
    lines = [
        texts.say(key, whom=_whom(turn, audience, unit), count=count),
        "",
        _words(texts, scope, said[0]),
    ]
    return Screen("\n".join(lines), tuple(rows))


def _send(turn: Turn, press: Press, said: Said) -> Next | None:
    """Put it on its way to each reader, in their language's frame; pressed twice it goes once."""
    found = _about(turn, press)
    if found is None:
        return None
    scope, audience, unit = found
    if not said or press.number(len(_here(press))) != tag(said[0]):
        return Next(to("n.list", scope.number))
    whom = readers(turn, scope, audience, unit.id if unit else None)
    if not whom:
        return Next(to("n.prev", *_here(press)), said=said)
    made = notices.write_notice(
        turn.tx, audience, said[0], turn.now, by=turn.person.id, commune_id=scope.commune_id,
        unit_id=unit.id if unit else None, count=len(whom),
    )  # fmt: skip
    payloads = {
        language: to_json(_message(texts_of(language), scope, said[0]))
        for language in set(whom.values())
    }
    drafts = [
        outbox.Draft(person, WRITTEN, payloads[language], turn.now, _PRIORITY, notice_id=made)
        for person, language in whom.items()
    ]
    outbox.enqueue_all(turn.tx, drafts, turn.now)
    return Next(to("n.one", made), turn.texts.say("written.on_its_way", count=len(whom)))


def _about(turn: Turn, press: Press) -> tuple[Scope, Audience, Unit | None] | None:
    scope = scope_of(turn, press.number(0))
    audience = (
        next((one for one in scope.audiences if one == press.text(1)), None) if scope else None
    )
    if scope is None or audience is None:
        return None
    if audience != "area":
        return scope, audience, None
    unit = office.area(turn, press.number(2), scope.commune_id)
    return (scope, audience, unit) if unit is not None else None


def _here(press: Press) -> tuple[int | str, ...]:
    """The part of an address that says to whom."""
    here: tuple[int | str, ...] = (press.number(0) or 0, press.text(1))
    unit = press.number(2) if press.text(1) == "area" else None
    return (*here, unit) if unit is not None else here


def _whom(turn: Turn, audience: Audience, unit: Unit | None) -> str:
    if unit is not None:
        return unit_text(places.unit(turn.tx, unit.id), turn.texts)
    return turn.texts.say(f"written.to_{audience}")


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
