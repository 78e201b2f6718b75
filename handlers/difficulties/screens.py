"""The commune's open difficulties as a list, and one of them with what can be done about it."""

from typing import Literal

from handlers.difficulties import wording
from handlers.difficulties.raising import own_units
from handlers.flow.channel import Button, Enclosure, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import page_of, to, turning
from handlers.flow.press import Press, pack
from handlers.operator.communes import operates
from handlers.texts import Html
from storage import difficulties, people, places
from storage.difficulties import Difficulty

Reader = Literal["officer", "leader", "operator"]
_PAGE = 4


def reader_of(context: Context, one: Difficulty) -> Reader | None:
    """As what the person may read it, by the roles of this moment."""
    if one.commune_id in context.office_communes:
        return "officer"
    if one.commune_id in context.communes_read:
        return "leader"
    passed = one.passed_up_at is not None
    return "operator" if passed and operates(context, one.commune_id) else None


def readable(context: Context, number: int | None) -> tuple[Difficulty, Reader] | None:
    """The difficulty with this id and as what the person reads it."""
    one = difficulties.difficulty_by_id(context.tx, number) if number is not None else None
    reader = reader_of(context, one) if one is not None else None
    return (one, reader) if one is not None and reader is not None else None


def _listed(context: Context, press: Press, said: Said) -> Screen | None:
    """A page of what a commune hasn't settled; for its officers and leaders."""
    commune_id, page = press.number(0), press.number(1) or 0
    if commune_id is None or commune_id not in context.communes_read:
        return None
    found = difficulties.open_difficulties(context.tx, commune_id)
    commune = places.commune(context.tx, commune_id).name
    some, page, pages = page_of(found, page, _PAGE)
    lines: list[str] = [
        context.texts.say("difficulties.title", count=len(found), commune=commune),
        "",
    ]
    rows: list[tuple[Button, ...]] = []
    for number, one in enumerate(some, page * _PAGE + 1):
        where = wording.where(context, one)
        lines.append(wording.line(context, number, one, where))
        rows.append((Button(f"{number}. {where}", pack("d.one", one.id)),))
    if not found:
        lines.append(context.texts.say("difficulties.none"))
    rows += turning(page, pages, lambda n: pack("d.list", commune_id, n), context.texts)
    if any(unit.commune_id == commune_id for unit in own_units(context)):
        rows.append((Button(context.texts.say("difficulties.button.new"), pack("d.new")),))
    rows.append((Button(context.texts.say("button.status"), pack("s.home")),))
    return Screen("\n".join(lines), tuple(rows))


def _one(context: Context, press: Press, said: Said) -> Screen | None:
    """What was said, by whom, how far it has come, and what this reader can do."""
    found = readable(context, press.number(0))
    if found is None:
        return None
    one, reader = found
    texts = context.texts
    commune = places.commune(context.tx, one.commune_id).name
    where = wording.where(context, one)
    lines: list[str] = [
        texts.say("difficulties.one", where=where, commune=commune),
        texts.say(
            "difficulties.about",
            about=wording.about(context, one),
            state=texts.say(f"difficulties.state.{one.state}"),
            mark=wording.MARKS[one.state],
        ),
        "",
        texts.say("difficulties.said", text=one.text),
        _who(context, one, reader),
    ]
    if one.answer is not None:
        key = "by_operator" if one.passed_up_at is not None else "by_office"
        lines += ["", texts.say(f"difficulties.answer_{key}", answer=one.answer)]
    return Screen("\n".join(lines), _buttons(context, one, reader))


def _who(context: Context, one: Difficulty, reader: Reader) -> Html:
    """Who raised it and when; the operator learns the area, not the person."""
    texts, when = context.texts, context.texts.time(one.raised_at, context.deployment.zone)
    person = people.person(context.tx, one.raised_by) if one.raised_by is not None else None
    if reader == "operator" or one.raised_by is None:
        return texts.say("difficulties.when", when=when)
    name = person.name if person is not None else None
    return texts.say("difficulties.who", name=name or texts.say("former_member"), when=when)


def _buttons(context: Context, one: Difficulty, reader: Reader) -> tuple[tuple[Button, ...], ...]:
    texts = context.texts
    rows: list[tuple[Button, ...]] = []
    if may_answer(one, reader):
        rows.append((Button(texts.say("difficulties.button.answer"), pack("d.ans", one.id)),))
    if may_pass_up(one, reader):
        rows.append((Button(texts.say("difficulties.button.pass_up"), pack("d.up", one.id)),))
    if may_settle(one, reader):
        rows.append((Button(texts.say("difficulties.button.settle"), pack("d.done", one.id)),))
    if one.photo is not None:
        rows.append((Button(texts.say("difficulties.button.photo"), pack("d.pic", one.id)),))
    back = pack("o.diff") if reader == "operator" else pack("d.list", one.commune_id)
    rows.append((Button(texts.say("difficulties.button.list"), back),))
    return tuple(rows)


def may_answer(one: Difficulty, reader: Reader) -> bool:
    """Whose turn it is: the office's until it is passed up, then the operator's."""
    if one.state == "settled":
        return False
    if reader == "operator":
        return one.passed_up_at is not None
    return reader == "officer" and one.passed_up_at is None


def may_pass_up(one: Difficulty, reader: Reader) -> bool:
    """The office, as long as it doesn't lie with the operator."""
    return reader == "officer" and one.state in {"open", "answered"}


def may_settle(one: Difficulty, reader: Reader) -> bool:
    """The office."""
    return reader == "officer" and one.state != "settled"


def _photo(context: Context, press: Press, said: Said) -> Next | None:
    """The photo, and the screen again below it."""
    found = readable(context, press.number(0))
    if found is None or found[0].photo is None:
        return None
    one = found[0]
    caption = context.texts.say("difficulties.photo", where=wording.where(context, one))
    enclosure = Enclosure("photo", caption, reference=one.photo)
    return Next(to("d.one", one.id), enclosures=(enclosure,))


STEPS = Steps(views={"d.list": _listed, "d.one": _one}, deeds={"d.pic": _photo})
