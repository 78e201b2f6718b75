"""What became of a notice: how many it reached, whom it didn't, and stopping the rest."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from handlers.channel import Button, Screen
from handlers.house import House
from handlers.noticing.scope import OVER_COMMUNES, Scope, scope_of, written
from handlers.presses import Press, pack
from handlers.reporting.wording import unit_text
from handlers.steps import Next, Said, Steps, back, button, listed, to
from handlers.telling import tell
from handlers.texts import Html, Texts
from handlers.turn import Turn
from handlers.working import Work
from storage import notices, people, places
from storage.notices import Fate, Notice

_PAGE = 4
_SHORT = 24
_MOST_NAMES = 15
_SHOWN: tuple[Fate, ...] = ("delivered", "waiting", "unreachable", "uncertain", "not_sent")

# By whether somebody surely didn't get it, and whether of somebody that isn't known.
_REPORTS = {
    (False, False): "written.report_all",
    (True, False): "written.report",
    (False, True): "written.report_unsure",
    (True, True): "written.report_both",
}


def notices_work(tx: Connection, now: datetime, house: House) -> list[Work]:
    """The notices whose writers are to be told what became of them, each a transaction."""
    return [
        partial(_tell_writer, notice_id=one, now=now, house=house)
        for one in notices.notices_done(tx)
    ]


def _tell_writer(tx: Connection, *, notice_id: int, now: datetime, house: House) -> None:
    if not notices.told(tx, notice_id, now):
        return
    found = notices.notice(tx, notice_id)
    if found is not None and found.written_by is not None and found.stopped_at is None:
        fates = notices.fates(tx, notice_id)
        delivered, unsure, count = fates["delivered"], fates["uncertain"], sum(fates.values())
        missed = count - delivered - unsure
        tell(
            tx, found.written_by, _REPORTS[missed > 0, unsure > 0], now, house.zone,
            button=("written.button.look", "n.one", notice_id), delivered=delivered, count=count,
            missed=missed, unsure=unsure, text=_shortened(found.text),
        )  # fmt: skip


def _list(turn: Turn, press: Press, said: Said) -> Screen | None:
    scope = scope_of(turn, press.number(0))
    if scope is None:
        return None
    texts = turn.texts
    if scope.commune_id is not None:
        found = notices.notices_of(turn.tx, scope.commune_id)
        way_back = back(texts, "m.hub", scope.number)
    else:
        found = notices.notices_over_communes(turn.tx, turn.person.id)
        way_back = back(texts, "o.home")
    rows = listed(
        texts,
        found,
        press.number(1),
        lambda one: Button(_label(turn, one), pack("n.one", one.id)),
        lambda page: pack("n.list", scope.number, page),
        _PAGE,
    )
    new = (button(texts, "written.button.new", "n.who", scope.number),)
    text = texts.say("written.list" if found else "written.list_empty", where=_where(scope, texts))
    return Screen(text, (new, *rows, way_back))


def _one(turn: Turn, press: Press, said: Said) -> Screen | None:
    found = written(turn, press)
    if found is None:
        return None
    texts = turn.texts
    fates = notices.fates(turn.tx, found.id)
    lines: list[str] = [
        texts.say("written.one", when=Html(texts.time(found.written_at, turn.house.zone))),
        "",
        texts.say("written.quoted", text=found.text),
        "",
        *(texts.say(f"written.fate_{one}", count=fates[one]) for one in _SHOWN if fates[one]),
        *_missed(turn, found),
    ]
    if found.stopped_at is not None:
        lines.append(texts.say("written.stopped"))
    rows: list[tuple[Button, ...]] = [(button(texts, "written.button.again", "n.one", found.id),)]
    if fates["waiting"]:
        rows.append((button(texts, "written.button.stop", "n.stop", found.id),))
    rows.append(back(texts, "n.list", found.commune_id or OVER_COMMUNES))
    return Screen("\n".join(lines), tuple(rows))


def _missed(turn: Turn, found: Notice) -> list[str]:
    """Whom it didn't surely reach, with their area, as far as a screen holds."""
    missed = [
        (person_id, fate)
        for person_id, fate in notices.not_reached(turn.tx, found.id)
        if fate in {"unreachable", "uncertain"}
    ]
    lines = [_missed_line(turn, person_id, fate) for person_id, fate in missed[:_MOST_NAMES]]
    if len(missed) > _MOST_NAMES:
        lines.append(turn.texts.say("written.more", count=len(missed) - _MOST_NAMES))
    return ["", *lines] if lines else []


def _missed_line(turn: Turn, person_id: int, fate: Fate) -> Html:
    texts = turn.texts
    person = people.person(turn.tx, person_id)
    held = people.memberships_of(turn.tx, person_id)
    units = [places.unit(turn.tx, one.unit_id) for one in held if one.unit_id is not None]
    where = unit_text(units[0], texts) if units else texts.say("unit.office")
    name = (person.name if person is not None else None) or texts.say("somebody")
    return texts.say(f"written.missed_{fate}", name=name, where=where)


def _stop(turn: Turn, press: Press, said: Said) -> Next | None:
    found = written(turn, press)
    if found is None:
        return None
    count = notices.stop(turn.tx, found.id, turn.now)
    return Next(to("n.one", found.id), turn.texts.say("written.was_stopped", count=count))


def _label(turn: Turn, one: Notice) -> str:
    fates = notices.fates(turn.tx, one.id)
    when = turn.texts.day(one.written_at, turn.house.zone)
    done = f"{fates['delivered']}/{sum(fates.values())}"
    return f"{when} · {done} · {_shortened(one.text)}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"


def _where(scope: Scope, texts: Texts) -> str:
    return scope.communes[0].name if scope.number else texts.say("written.operator")


STEPS = Steps(views={"n.list": _list, "n.one": _one}, deeds={"n.stop": _stop})
