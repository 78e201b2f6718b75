"""What became of a notice: how many it reached, whom it didn't, and stopping the rest."""

from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from handlers.announcements.scope import OVER_COMMUNES, Scope, scope_of, written
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import back, button, listed, to
from handlers.flow.press import Press, pack
from handlers.messages.notifications import tell
from handlers.report.wording import unit_text
from handlers.rounds.work import Work
from handlers.texts import Html, Texts
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


def notices_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """The notices whose writers are to be told what became of them, each a transaction."""
    return [
        partial(_tell_writer, notice_id=one, now=now, deployment=deployment)
        for one in notices.notices_done(tx)
    ]


def _tell_writer(tx: Connection, *, notice_id: int, now: datetime, deployment: Deployment) -> None:
    if not notices.told(tx, notice_id, now):
        return
    found = notices.notice(tx, notice_id)
    if found is not None and found.written_by is not None and found.stopped_at is None:
        fates = notices.fates(tx, notice_id)
        delivered, unsure, count = fates["delivered"], fates["uncertain"], sum(fates.values())
        missed = count - delivered - unsure
        tell(
            tx, found.written_by, _REPORTS[missed > 0, unsure > 0], now, deployment.zone,
            button=("written.button.look", "n.one", notice_id), delivered=delivered, count=count,
            missed=missed, unsure=unsure, text=_shortened(found.text),
        )  # fmt: skip


def _list(context: Context, press: Press, said: Said) -> Screen | None:
    scope = scope_of(context, press.number(0))
    if scope is None:
        return None
    texts = context.texts
    if scope.commune_id is not None:
        found = notices.notices_of(context.tx, scope.commune_id)
        way_back = back(texts, "m.hub", scope.number)
    else:
        found = notices.notices_over_communes(context.tx, context.person.id)
        way_back = back(texts, "o.home")
    rows = listed(
        texts,
        found,
        press.number(1),
        lambda one: Button(_label(context, one), pack("n.one", one.id)),
        lambda page: pack("n.list", scope.number, page),
        _PAGE,
    )
    new = (button(texts, "written.button.new", "n.who", scope.number),)
    text = texts.say("written.list" if found else "written.list_empty", where=_where(scope, texts))
    return Screen(text, (new, *rows, way_back))


def _one(context: Context, press: Press, said: Said) -> Screen | None:
    found = written(context, press)
    if found is None:
        return None
    texts = context.texts
    fates = notices.fates(context.tx, found.id)
    lines: list[str] = [
        texts.say("written.one", when=Html(texts.time(found.written_at, context.deployment.zone))),
        "",
        texts.say("written.quoted", text=found.text),
        "",
        *(texts.say(f"written.fate_{one}", count=fates[one]) for one in _SHOWN if fates[one]),
        *_missed(context, found),
    ]
    if found.stopped_at is not None:
        lines.append(texts.say("written.stopped"))
    rows: list[tuple[Button, ...]] = [(button(texts, "written.button.again", "n.one", found.id),)]
    if fates["waiting"]:
        rows.append((button(texts, "written.button.stop", "n.stop", found.id),))
    rows.append(back(texts, "n.list", found.commune_id or OVER_COMMUNES))
    return Screen("\n".join(lines), tuple(rows))


def _missed(context: Context, found: Notice) -> list[str]:
    """Whom it didn't surely reach, with their area, as far as a screen holds."""
    missed = [
        (person_id, fate)
        for person_id, fate in notices.not_reached(context.tx, found.id)
        if fate in {"unreachable", "uncertain"}
    ]
    some = missed[:_MOST_NAMES]
    names = _names(context, [person_id for person_id, _ in some])
    lines = [
        context.texts.say(
            f"written.missed_{fate}", name=names[person_id][0], where=names[person_id][1]
        )
        for person_id, fate in some
    ]
    if len(missed) > _MOST_NAMES:
        lines.append(context.texts.say("written.more", count=len(missed) - _MOST_NAMES))
    return ["", *lines] if lines else []


def _names(context: Context, person_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Each one's name, and where they report; the office for who reports nowhere."""
    texts = context.texts
    called = {one.id: one.name for one in people.people_by_ids(context.tx, person_ids)}
    roles = people.roles_of(context.tx, person_ids)
    units = {
        one.id: one
        for one in places.units_by_ids(
            context.tx, [role.unit_id for some in roles.values() for role in some if role.unit_id]
        )
    }

    def where(person_id: int) -> str:
        held = (units[role.unit_id] for role in roles[person_id] if role.unit_id in units)
        first = next(held, None)
        return unit_text(first, texts) if first is not None else texts.say("unit.office")

    return {one: (called.get(one) or texts.say("somebody"), where(one)) for one in person_ids}


def _stop(context: Context, press: Press, said: Said) -> Next | None:
    found = written(context, press)
    if found is None:
        return None
    count = notices.stop(context.tx, found.id, context.now)
    return Next(to("n.one", found.id), context.texts.say("written.was_stopped", count=count))


def _label(context: Context, one: Notice) -> str:
    fates = notices.fates(context.tx, one.id)
    when = context.texts.day(one.written_at, context.deployment.zone)
    done = f"{fates['delivered']}/{sum(fates.values())}"
    return f"{when} · {done} · {_shortened(one.text)}"


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else line[: _SHORT - 1].rstrip() + "…"


def _where(scope: Scope, texts: Texts) -> str:
    return scope.communes[0].name if scope.number else texts.say("written.operator")


STEPS = Steps(views={"n.list": _list, "n.one": _one}, deeds={"n.stop": _stop})
