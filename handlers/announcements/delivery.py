"""What became of a notice: how many it reached, whom it didn't, and stopping the rest."""

from datetime import datetime
from functools import partial
from typing import Annotated

from sqlalchemy import Connection

from handlers.announcements.scope import OVER_COMMUNES, OwnScope, writes
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import Page, to
from handlers.flow.rights import OFFICER_OR_OPERATOR
from handlers.flow.routes import Next, action, screen
from handlers.messages.message import Message
from handlers.messages.notifications import tell_all
from handlers.rounds.jobs import Work
from handlers.texts import shortened
from storage.messages import notices
from storage.messages.notices import DeliveryState, Notice
from storage.people import people
from storage.places import places

_PAGE = 4
_SHORT = 24
_MOST_NAMES = 15
_SHOWN: tuple[DeliveryState, ...] = ("delivered", "waiting", "unreachable", "uncertain", "not_sent")
# By whether somebody surely didn't get it, and whether of somebody that isn't known.
_REPORTS = {
    (False, False): "written.report_all",
    (True, False): "written.report",
    (False, True): "written.report_unsure",
    (True, True): "written.report_both",
}


class Announcement(Message):
    """A notice in its writer's words."""

    kind = "written"
    bulk = True

    def unwanted(self) -> str | None:
        """Stopped; they left the commune; or it was for late areas and theirs has reported."""
        cache, person_id = self.cache, self.row.person_id
        found = cache.notice(self.row.notice_id or 0)
        if found is None or found.stopped_at is not None:
            return "stopped"
        held = cache.roles(person_id)
        communes = {one.commune_id for one in held if one.commune_id is not None}
        if not communes or (found.commune_id is not None and found.commune_id not in communes):
            return "left"
        if found.audience != "late":
            return None
        waiting = (
            task
            for commune_id in communes
            for one in cache.open_rounds(commune_id)
            for task in cache.tasks(one.id, person_id)
        )
        return None if any(not task.is_in for task in waiting) else "reported"


def notices_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """The notices whose writers are to be told what became of them, each a transaction."""
    return [
        partial(_tell_writer, notice_id=one, now=now, deployment=deployment)
        for one in notices.notices_done(tx)
    ]


def _tell_writer(tx: Connection, *, notice_id: int, now: datetime, deployment: Deployment) -> None:
    if not notices.mark_reported(tx, notice_id, now):
        return
    found = notices.notice(tx, notice_id)
    if found is not None and found.written_by is not None and found.stopped_at is None:
        fates = notices.delivery_states(tx, notice_id)
        delivered, unsure, count = fates["delivered"], fates["uncertain"], sum(fates.values())
        missed = count - delivered - unsure
        tell_all(
            tx, [found.written_by], _REPORTS[missed > 0, unsure > 0], now, deployment.zone,
            button=("written.button.look", "n.one", notice_id), delivered=delivered, count=count,
            missed=missed, unsure=unsure, text=shortened(found.text, _SHORT),
        )  # fmt: skip


OwnNotice = Annotated[Notice, by_id(notices.notice, writes)]


@screen("n.list", right=OFFICER_OR_OPERATOR)
def all_notices(context: Context, scope: OwnScope) -> Screen:
    """Show the notices of the commune, or those that the operator wrote over communes."""
    texts, commune_id = context.texts, scope.commune_id
    if commune_id is not None:
        found = notices.notices_of(context.tx, commune_id)
    else:
        found = notices.notices_over_communes(context.tx, context.person.id)

    def label(one: Notice) -> Button:
        fates = notices.delivery_states(context.tx, one.id)
        when = texts.day(one.written_at, context.deployment.zone)
        done = f"{fates['delivered']}/{sum(fates.values())}"
        return Button(f"{when} · {done} · {shortened(one.text, _SHORT)}", one_notice.data(one))

    page = Page(context)
    page.say("written.list" if found else "written.list_empty", where=scope.name(texts))
    page.button("written.button.new", to("n.who", scope.id))
    page.listed(found, label, all_notices, scope, size=_PAGE)
    return page.back(to("m.hub", commune_id) if commune_id is not None else to("o.home")).screen()


@screen("n.one", right=OFFICER_OR_OPERATOR)
def one_notice(context: Context, notice: OwnNotice) -> Screen:
    """Show a notice, how many people it reached, whom it didn't, and the way to stop it."""
    fates = notices.delivery_states(context.tx, notice.id)
    page = Page(context)
    page.say("written.one", when=context.texts.time(notice.written_at, context.deployment.zone))
    page.line().say("written.quoted", text=notice.text).line()
    for fate in _SHOWN:
        if fates[fate]:
            page.say(f"written.fate_{fate}", count=fates[fate])
    _say_missed(context, page, notice)
    if notice.stopped_at is not None:
        page.say("written.stopped")
    page.button("written.button.again", one_notice.at(notice))
    if fates["waiting"]:
        page.button("written.button.stop", stop.at(notice))
    return page.back(all_notices.at(notice.commune_id or OVER_COMMUNES)).screen()


def _say_missed(context: Context, page: Page, found: Notice) -> None:
    """Whom it didn't surely reach, with their area, as far as a screen holds."""
    missed = [
        (person_id, fate)
        for person_id, fate in notices.not_reached(context.tx, found.id)
        if fate in {"unreachable", "uncertain"}
    ]
    if not missed:
        return
    some = missed[:_MOST_NAMES]
    names = _names(context, [person_id for person_id, _ in some])
    page.line()
    for person_id, fate in some:
        name, where = names[person_id]
        page.say(f"written.missed_{fate}", name=name, where=where)
    if len(missed) > _MOST_NAMES:
        page.say("written.more", count=len(missed) - _MOST_NAMES)


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
        return texts.unit(first) if first is not None else texts.say("unit.office")

    return {one: (called.get(one) or texts.say("somebody"), where(one)) for one in person_ids}


@action("n.stop", right=OFFICER_OR_OPERATOR)
def stop(context: Context, notice: OwnNotice) -> Next:
    """Stop a notice: send nothing that still waits."""
    count = notices.stop(context.tx, notice.id, context.now)
    return Next(one_notice.at(notice), context.texts.say("written.was_stopped", count=count))
