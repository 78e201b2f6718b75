"""A photo of the filled paper list: the bot offers to send it to the officers, who enter it.

The photo is stored with the offer's message until its button is pressed. Then it is evidence of the
whole report, and the officers are told. With several reports the offer is a list with pages.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

from handlers.flow import navigation
from handlers.flow.arguments import Number
from handlers.flow.asked_screen import AskedScreen, from_json, of_step
from handlers.flow.channel import Attachment, Button, Enclosure, Reply, Screen, Shown
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.rights import REPORTER
from handlers.flow.routes import GONE, Loading, Next, action, screen
from handlers.messages.notifications import other_officers, tell_officers
from handlers.report.assigned_reports import AssignedReport, captions_of, tasks_named, tasks_of
from handlers.report.attachment_rules import keep_attachment, no_room, refusal
from handlers.report.view import ReportView
from storage.conversations import asks
from storage.evidence import evidence
from storage.evidence.evidence import WHOLE_REPORT
from storage.places.places import Unit
from storage.reports import reports
from storage.reports.reports import Report
from storage.rounds.rounds import Round

_STEP = "ps.offer"  # the step of an offer for one report, as stored with its message


def offer_at_rest(context: Context, item: Attachment) -> Shown | None:
    """Return the offer for a photo sent while no report is open; None if no officer can."""
    targets = _targets(context)
    if len(targets) > 1 and item.kind == "photo":
        listed = navigation.show(context, Next(which.at(), typed=(_written(item),)))
        return listed.shown[-1] if listed is not None else None
    offered = _offer(context, item, targets)
    if offered is None:
        return None
    report = button(context.texts, "button.report", "rep")
    screen = Screen(offered.screen.text, (*offered.screen.rows, (report,)))
    return _with_photos(screen, (_written(item),))


def offer_at_question(context: Context, view: ReportView, item: Attachment) -> Shown | None:
    """Return the offer for a photo sent to a question without evidence; None without one."""
    here = [
        one
        for one in _targets(context)
        if (one.round.id, one.unit.id) == (view.round.id, view.unit.id)
    ]
    return _offer(context, item, here)


def sent_together(shown: Sequence[Shown]) -> Shown | None:
    """Return one offer for the photos of several messages; None when there is no offer."""
    offers = [(one, asked) for one in shown if (asked := _offer_of(one.asks)) is not None]
    if not offers:
        return None
    last, asked = offers[-1]
    photos = tuple(photo for _, one in offers for photo in one.typed)
    return replace(last, asks=replace(asked, typed=photos).to_json())


def offers_sheet(shown: Shown) -> bool:
    """Return whether this message is such an offer."""
    return _offer_of(shown.asks) is not None


def _offer_of(kept: str | None) -> AskedScreen | None:
    """Return the screen stored with a message if it is such an offer, else None."""
    asked = from_json(kept) if kept is not None else None
    if asked is None:
        return None
    listed = asked.address is not None and asked.address.action in which.keys
    return asked if asked.step == _STEP or listed else None


def _targets(context: Context) -> list[AssignedReport]:
    """Return the missing reports of the person's areas, which an officer can enter."""

    def wanted(one: AssignedReport) -> bool:
        report = reports.report_of(context.tx, one.round.id, one.unit.id)
        return (report is None or not report.is_in) and bool(
            other_officers(context, one.unit.commune_id)
        )

    own = sorted(tasks_of(context, office=False), key=lambda one: one.unit.id)
    return [one for one in own if wanted(one)]


def _offer(context: Context, item: Attachment, targets: Sequence[AssignedReport]) -> Shown | None:
    """Return the offer for the one report that the photo can belong to."""
    if not targets or item.kind != "photo":
        return None
    page = ScreenBuilder(context).say("sheet.offer")
    page.button("sheet.button.send", send.at(targets[0].round.id, targets[0]))
    return _with_photos(page.screen(), (_written(item),))


@screen("ps.which", right=REPORTER)
def which(context: Context) -> Screen | None:
    """Ask which report the photo belongs to; an area's name can be typed."""
    captions = captions_of(context, _targets(context))
    if not captions or not context.typed:
        return None

    def to_one(task: AssignedReport) -> Button:
        label = context.texts.say("sheet.button.send_for", unit=captions[task])
        return Button(label, send.data(task.round.id, task))

    page = ScreenBuilder(context).say("sheet.offer").line().say("sheet.which")
    page.listed(list(captions), to_one, turn)
    return page.button("button.report", to("rep")).screen()


@which.text
def named(context: Context, text: str) -> Next | Reply | None:
    """Send the photo with the report of the typed area."""
    found = tasks_named(captions_of(context, _targets(context)), text)
    if len(found) != 1:
        return None
    return send.act(context, found[0].round.id, found[0])


@action("ps.page", right=REPORTER)
def turn(context: Context) -> Next | Reply:
    """Show another page of the list, with the photos of the message that was pressed."""
    photos = tuple(_written(one) for one in _photos(context))
    if not photos:
        return _answer(context, "sheet.again")
    return Next(which.at(page=context.page), typed=photos)


def _with_photos(screen: Screen, photos: tuple[str, ...]) -> Shown:
    return Shown(screen, asks=of_step(_STEP, photos, screen, sentence=False).to_json())


def _written(item: Attachment) -> str:
    return json.dumps([item.reference, item.name, item.media_type, item.size])


def _own_target(loading: Loading) -> object:
    """Return the report of an own area in that round; None if it can't be entered; else GONE."""
    unit_id, round_id = loading.number, loading.before["round_id"]
    if unit_id not in loading.context.areas:
        return GONE
    found = (one for one in _targets(loading.context) if one.unit.id == unit_id)
    return next((one for one in found if one.round.id == round_id), None)


@action("ps.send", right=REPORTER)
def send(
    context: Context, round_id: Number, target: Annotated[AssignedReport | None, _own_target]
) -> Reply:
    """Store the photos with the report, and tell the officers."""
    photos = _photos(context)
    if target is None:
        return _answer(context, "sheet.is_in")
    if not photos:
        return _answer(context, "sheet.again")
    round_, unit = target.round, target.unit
    kept, why = 0, None
    for item in photos:
        why = why or refusal(item) or no_room(context, round_.id, item.size or 0)
        if why is None:
            _store(context, round_, unit, item)
            kept += 1
    if kept:
        tell_officers(
            context, unit.id, "told.sheet", ("sheet.button.enter", "v.open", round_.id, unit.id),
            round=round_.name, count=kept,
        )  # fmt: skip
    return _answer(context, "sheet.sent" if why is None else f"say.evidence_{why}")


def _store(context: Context, round_: Round, unit: Unit, item: Attachment) -> None:
    report = reports.start_report(context.tx, round_.id, unit.id, context.now, by=context.person.id)
    keep_attachment(context, report, WHOLE_REPORT, item)


def _photos(context: Context) -> list[Attachment]:
    """Return the photos of the pressed offer."""
    message = context.incoming.message
    if context.incoming.kind == "press" and message is not None:
        rows = asks.of_message(context.tx, context.person.id, context.bot, message)
    else:
        rows = asks.recent(context.tx, context.person.id)  # the button's caption was typed
    offers = [one for row in rows if (one := _offer_of(row.content)) is not None]
    return [_read(text) for text in offers[-1].typed] if offers else []


def _read(text: str) -> Attachment:
    reference, name, media_type, size = json.loads(text)
    return Attachment("photo", reference, name, media_type, size)


def _answer(context: Context, key: str) -> Reply:
    page = (
        ScreenBuilder(context).say(key, short="").row(button(context.texts, "button.report", "rep"))
    )
    return context.shows(page.screen())


def sheets_of(context: Context, report: Report, unit: Unit) -> tuple[Enclosure, ...]:
    """Return the photos of the paper list for the officer who enters it."""
    caption = context.texts.say("sheet.caption", unit=context.texts.unit(unit))
    return tuple(
        Enclosure(
            "photo", caption, path=one.path, reference=one.channel_reference,
            name=one.original_name,
        )
        for one in evidence.evidence_of(context.tx, report.id)
        if one.indicator == WHOLE_REPORT and (one.path or one.channel_reference)
    )  # fmt: skip
