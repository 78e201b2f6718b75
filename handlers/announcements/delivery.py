"""The delivery of a notice: how many people received it, who did not, and stopping it."""

from datetime import datetime
from functools import partial
from typing import Annotated

from sqlalchemy import Connection

from handlers.announcements.scope import OVER_COMMUNES, OwnScope, may_read
from handlers.flow.arguments import by_id
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.deployment import Deployment
from handlers.flow.page import ScreenBuilder, to
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
# By (somebody did not receive it, it is unknown whether somebody received it).
_REPORTS = {
    (False, False): "written.report_all",
    (True, False): "written.report",
    (False, True): "written.report_unsure",
    (True, True): "written.report_both",
}


class Announcement(Message):
    """A message with a notice, as its writer typed it."""

    kind = "written"
    bulk = True

    def unwanted(self) -> str | None:
        """Return why not to send it: stopped, left the commune, or no longer late; else None."""
        cache, person_id = self.cache, self.row.person_id
        found = cache.notice(self.row.notice_id or 0)
        if found is None or found.stopped_at is not None:
            return "stopped"
        roles = cache.roles(person_id)
        communes = {one.commune_id for one in roles if one.commune_id is not None}
        if not communes or (found.commune_id is not None and found.commune_id not in communes):
            return "left"
        if found.audience != "late":
            return None
        tasks = (
            task
            for commune_id in communes
            for one in cache.open_rounds(commune_id)
            for task in cache.tasks(one.id, person_id)
        )
        return None if any(not task.is_in for task in tasks) else "reported"


def notices_work(tx: Connection, now: datetime, deployment: Deployment) -> list[Work]:
    """Return the work of informing the writers of finished notices, each in a transaction."""
    return [
        partial(_tell_writer, notice_id=one, now=now, deployment=deployment)
        for one in notices.notices_done(tx)
    ]


def _tell_writer(tx: Connection, *, notice_id: int, now: datetime, deployment: Deployment) -> None:
    if not notices.mark_reported(tx, notice_id, now):
        return
    found = notices.notice(tx, notice_id)
    if found is not None and found.written_by is not None and found.stopped_at is None:
        states = notices.delivery_states(tx, notice_id)
        delivered, unsure, count = states["delivered"], states["uncertain"], sum(states.values())
        missed = count - delivered - unsure
        tell_all(
            tx, [found.written_by], _REPORTS[missed > 0, unsure > 0], now, deployment.zone,
            button=("written.button.look", "n.one", notice_id), delivered=delivered, count=count,
            missed=missed, unsure=unsure, text=shortened(found.text, _SHORT),
        )  # fmt: skip


OwnNotice = Annotated[Notice, by_id(notices.notice, may_read)]


@screen("n.list", right=OFFICER_OR_OPERATOR)
def all_notices(context: Context, scope: OwnScope) -> Screen:
    """Show the notices of the commune, or those that the operator wrote over communes."""
    texts, commune_id = context.texts, scope.commune_id
    if commune_id is not None:
        found = notices.notices_of(context.tx, commune_id)
    else:
        found = notices.notices_over_communes(context.tx, context.person.id)

    def label(one: Notice) -> Button:
        states = notices.delivery_states(context.tx, one.id)
        when = texts.day(one.written_at, context.deployment.zone)
        done = f"{states['delivered']}/{sum(states.values())}"
        return Button(f"{when} · {done} · {shortened(one.text, _SHORT)}", one_notice.data(one))

    page = ScreenBuilder(context)
    page.say("written.list" if found else "written.list_empty", where=scope.name(texts))
    page.button("written.button.new", to("n.who", scope.id))
    page.listed(found, label, all_notices, scope, size=_PAGE)
    return page.back(to("m.hub", commune_id) if commune_id is not None else to("o.home")).screen()


@screen("n.one", right=OFFICER_OR_OPERATOR)
def one_notice(context: Context, notice: OwnNotice) -> Screen:
    """Show a notice, how many people received it, who did not, and a button to stop it."""
    states = notices.delivery_states(context.tx, notice.id)
    page = ScreenBuilder(context)
    page.say("written.one", when=context.texts.time(notice.written_at, context.deployment.zone))
    page.line().say("written.quoted", text=notice.text).line()
    for state in _SHOWN:
        if states[state]:
            page.say(f"written.fate_{state}", count=states[state])
    _add_missed(context, page, notice)
    if notice.stopped_at is not None:
        page.say("written.stopped")
    page.button("written.button.again", one_notice.at(notice))
    if states["waiting"]:
        page.button("written.button.stop", stop.at(notice))
    return page.back(all_notices.at(notice.commune_id or OVER_COMMUNES)).screen()


def _add_missed(context: Context, page: ScreenBuilder, found: Notice) -> None:
    """Add the people who may not have received it, with their areas, at most _MOST_NAMES."""
    missed = [
        (person_id, state)
        for person_id, state in notices.not_reached(context.tx, found.id)
        if state in {"unreachable", "uncertain"}
    ]
    if not missed:
        return
    some = missed[:_MOST_NAMES]
    names = _names(context, [person_id for person_id, _ in some])
    page.line()
    for person_id, state in some:
        name, where = names[person_id]
        page.say(f"written.missed_{state}", name=name, where=where)
    if len(missed) > _MOST_NAMES:
        page.say("written.more", count=len(missed) - _MOST_NAMES)


def _names(context: Context, person_ids: list[int]) -> dict[int, tuple[str, str]]:
    """Return each person's name and unit; the office for a person who reports for none."""
    texts = context.texts
    names = {one.id: one.name for one in people.people_by_ids(context.tx, person_ids)}
    roles = people.roles_of(context.tx, person_ids)
    units = {
        one.id: one
        for one in places.units_by_ids(
            context.tx, [role.unit_id for some in roles.values() for role in some if role.unit_id]
        )
    }

    def where(person_id: int) -> str:
        own = (units[role.unit_id] for role in roles[person_id] if role.unit_id in units)
        first = next(own, None)
        return texts.unit(first) if first is not None else texts.say("unit.office")

    return {one: (names.get(one) or texts.say("somebody"), where(one)) for one in person_ids}


@action("n.stop", right=OFFICER_OR_OPERATOR)
def stop(context: Context, notice: OwnNotice) -> Next:
    """Stop a notice: its waiting messages are not sent."""
    count = notices.stop(context.tx, notice.id, context.now)
    return Next(one_notice.at(notice), context.texts.say("written.was_stopped", count=count))
