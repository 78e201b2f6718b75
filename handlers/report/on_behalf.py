"""A report that an officer enters for an area, and the area's word on it ("Đúng" / "Sai")."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from criteria.conversation import Place
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.context import Context
from handlers.flow.phrases import phrase
from handlers.flow.press import Press, pack, unpack
from handlers.messages.notifications import tell_officers, tell_reporters
from handlers.report import receipts
from handlers.report.screen import show_report
from handlers.report.view import ReportView, load_view
from handlers.report.wording import unit_text, value_text
from handlers.texts import Texts, plain
from storage import conversations, on_behalf, places, reports, rounds
from storage.conversations import Conversation
from storage.reports import Report

ACTIONS = frozenset({"obyes", "obno"})
_WORDS = {"dung": "obyes", "dung roi": "obyes", "right": "obyes", "sai": "obno", "wrong": "obno"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def helps(context: Context, report: Report, kept: Conversation | None) -> bool:
    """Whether an officer fills this report in for an area of their commune.

    Only while it lies open before them, which only "☎️ Ghi giúp" can bring about, and only until
    it is sent; then an answer is corrected with a reason.
    """
    if kept is None or kept.report_id != report.id or report.state not in {"draft", "returned"}:
        return False
    unit = places.unit(context.tx, report.unit_id)
    return not unit.office and unit.commune_id in context.office_communes


def sent(context: Context, view: ReportView) -> Reply:
    """The officer's receipt; the area's reporters are asked whether it is right."""
    told = ask_area(context, view)
    reply = receipts.sent(context, view)
    key = "review.behalf.asked" if told else "review.behalf.nobody"
    text = f"{reply.shown[0].screen.text}\n\n{context.texts.say(key, count=told)}"
    rows = (
        (Button(context.texts.say("review.button"), pack("v.list", view.round.id)),),
        (Button(context.texts.say("button.status"), pack("st")),),
    )
    purpose = f"behalf:{view.report.id}"
    shown = replace(reply.shown[0], screen=Screen(text, rows), purpose=purpose)
    return replace(reply, shown=(shown,))


def ask_area(context: Context, view: ReportView) -> int:
    """Ask the area's reporters about all that the office entered; gives how many are asked."""

    def screen(texts: Texts) -> Screen:
        unit = unit_text(view.unit, texts)
        lines: list[str] = [texts.say("review.behalf.ask", unit=unit, round=view.round.name), ""]
        for number, question in enumerate(view.questions, 1):
            answer = view.answers.get(question.code)
            if answer is None or answer.office != "entered" or answer.value is None:
                continue
            indicator = view.indicator(question.code)
            short = indicator.text(texts.language).short
            value = value_text(answer.value, texts, indicator)
            lines.append(texts.say("review.plain_line", number=number, short=short, value=value))
        return Screen("\n".join(lines), right_or_wrong(texts, view.report.id, context.now))

    # They have just been on the telephone.
    return tell_reporters(context, view.unit.id, "on_behalf", screen, at_once=True)


def right_or_wrong(
    texts: Texts, report_id: int, asked_at: datetime, code: str = ""
) -> tuple[tuple[Button, ...], ...]:
    """The two buttons under what the office entered until `asked_at`, in one answer or in all."""
    stamp = (asked_at - _EPOCH) // timedelta(microseconds=1)
    return (
        (
            Button(texts.say("review.button.right"), pack("obyes", report_id, stamp, code)),
            Button(texts.say("review.button.wrong"), pack("obno", report_id, stamp, code)),
        ),
    )


def answered(context: Context, press: Press) -> Reply | None:
    """The area says whether it is right; None when it isn't this person's to say."""
    report_id, stamp, code = press.number(0), press.number(1), press.text(2)
    report = reports.report_by_id(context.tx, report_id) if report_id is not None else None
    if report is None or stamp is None or report.unit_id not in context.areas:
        return None
    round_ = rounds.round_by_id(context.tx, report.round_id)
    if round_ is None or not rounds.is_open(context.tx, round_, report.unit_id, context.now):
        return _said(context, report, "review.behalf.closed")
    right = press.action == "obyes"
    meant = on_behalf.area_says(
        context.tx,
        report,
        right=right,
        asked_at=_EPOCH + timedelta(microseconds=stamp),
        indicator=code or None,
        by=context.person.id,
        now=context.now,
    )
    if not meant:
        return _said(context, report, "review.behalf.over")
    if right:
        return _said(context, report, "review.behalf.right")
    tell_officers(
        context, report.unit_id, "told.behalf_wrong", ("review.button", "v.one", report.id),
        round=round_.name,
    )  # fmt: skip
    place = Place("ask", code, back_to="summary") if code else Place("summary")
    revision = conversations.save_place(
        context.tx, context.person.id, report.id, place.to_json(), context.now
    )
    view = load_view(context.tx, report, context.person.id, place, revision, context.said_at)
    note = _said(context, report, "review.behalf.wrong").shown[0]
    return show_report(context, view, extra=(note,))


def waits(context: Context, report: Report, code: str | None) -> bool:
    """Whether something that the office entered (in this answer) waits for the area's word."""
    if report.unit_id not in context.areas:
        return False
    found = reports.answers_of(context.tx, report.id).values()
    return any(one.office == "entered" and code in {None, one.indicator} for one in found)


@phrase(at_rest=True)
def typed(context: Context, text: str) -> Reply | None:
    """Take "đúng" or "sai" in words, where something of the person's areas waits for it."""
    action = _WORDS.get(plain(text))
    if action is None:
        return None
    for unit_id in context.areas:
        commune_id = places.unit(context.tx, unit_id).commune_id
        for round_ in rounds.open_rounds(context.tx, commune_id, context.now):
            report = reports.report_of(context.tx, round_.id, unit_id)
            if report is None or not report.sends:
                continue
            answers = reports.answers_of(context.tx, report.id).values()
            if any(answer.office == "entered" for answer in answers):
                stamp = (context.now - _EPOCH) // timedelta(microseconds=1)
                button = unpack(pack(action, report.id, stamp, ""))
                return answered(context, button) if button is not None else None
    return None


def _said(context: Context, report: Report, key: str) -> Reply:
    """A sentence in the place of the question, and the way into the report."""
    unit = unit_text(places.unit(context.tx, report.unit_id), context.texts)
    rows = ((Button(context.texts.say("button.correct"), pack("sum", report.id, "", 0)),),)
    return context.shows(Screen(context.texts.say(key, unit=unit), rows))
