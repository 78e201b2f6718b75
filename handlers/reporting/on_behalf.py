"""A report that an officer enters for an area, and the area's word on it ("Đúng" / "Sai")."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from criteria.conversation import Place
from handlers.channel import Button, Reply, Screen
from handlers.phrases import phrase
from handlers.presses import Press, pack, unpack
from handlers.reporting import receipts
from handlers.reporting.desk import Desk, lay_out
from handlers.reporting.showing import show_desk
from handlers.reporting.wording import unit_text, value_text
from handlers.telling import tell_officers, tell_reporters
from handlers.texts import Texts, plain
from handlers.turn import Turn
from storage import conversations, on_behalf, places, reports, rounds
from storage.conversations import Conversation
from storage.reports import Report

ACTIONS = frozenset({"obyes", "obno"})
_WORDS = {"dung": "obyes", "dung roi": "obyes", "right": "obyes", "sai": "obno", "wrong": "obno"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def helps(turn: Turn, report: Report, kept: Conversation | None) -> bool:
    """Whether an officer fills this report in for an area of their commune.

    Only while it lies open before them, which only "☎️ Ghi giúp" can bring about, and only until
    it is sent; then an answer is corrected with a reason.
    """
    if kept is None or kept.report_id != report.id or report.state not in {"draft", "returned"}:
        return False
    unit = places.unit(turn.tx, report.unit_id)
    return not unit.office and unit.commune_id in turn.office_communes


def sent(turn: Turn, desk: Desk) -> Reply:
    """The officer's receipt; the area's reporters are asked whether it is right."""
    told = ask_area(turn, desk)
    reply = receipts.sent(turn, desk)
    key = "review.behalf.asked" if told else "review.behalf.nobody"
    text = f"{reply.shown[0].screen.text}\n\n{turn.texts.say(key, count=told)}"
    rows = (
        (Button(turn.texts.say("review.button"), pack("v.list", desk.round.id)),),
        (Button(turn.texts.say("button.status"), pack("st")),),
    )
    purpose = f"behalf:{desk.report.id}"
    shown = replace(reply.shown[0], screen=Screen(text, rows), purpose=purpose)
    return replace(reply, shown=(shown,))


def ask_area(turn: Turn, desk: Desk) -> int:
    """Ask the area's reporters about all that the office entered; gives how many are asked."""

    def screen(texts: Texts) -> Screen:
        unit = unit_text(desk.unit, texts)
        lines: list[str] = [texts.say("review.behalf.ask", unit=unit, round=desk.round.name), ""]
        for number, question in enumerate(desk.questions, 1):
            answer = desk.answers.get(question.code)
            if answer is None or answer.office != "entered" or answer.value is None:
                continue
            indicator = desk.indicator(question.code)
            short = indicator.text(texts.language).short
            value = value_text(answer.value, texts, indicator)
            lines.append(texts.say("review.plain_line", number=number, short=short, value=value))
        return Screen("\n".join(lines), right_or_wrong(texts, desk.report.id, turn.now))

    # They have just been on the telephone.
    return tell_reporters(turn, desk.unit.id, "on_behalf", screen, at_once=True)


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


def answered(turn: Turn, press: Press) -> Reply | None:
    """The area says whether it is right; None when it isn't this person's to say."""
    report_id, stamp, code = press.number(0), press.number(1), press.text(2)
    report = reports.report_by_id(turn.tx, report_id) if report_id is not None else None
    if report is None or stamp is None or report.unit_id not in turn.areas:
        return None
    round_ = rounds.round_by_id(turn.tx, report.round_id)
    if round_ is None or not rounds.is_open(turn.tx, round_, report.unit_id, turn.now):
        return _said(turn, report, "review.behalf.closed")
    right = press.action == "obyes"
    meant = on_behalf.area_says(
        turn.tx,
        report,
        right=right,
        asked_at=_EPOCH + timedelta(microseconds=stamp),
        indicator=code or None,
        by=turn.person.id,
        now=turn.now,
    )
    if not meant:
        return _said(turn, report, "review.behalf.over")
    if right:
        return _said(turn, report, "review.behalf.right")
    tell_officers(
        turn, report.unit_id, "told.behalf_wrong", ("review.button", "v.one", report.id),
        round=round_.name,
    )  # fmt: skip
    place = Place("ask", code, back_to="summary") if code else Place("summary")
    revision = conversations.save_place(
        turn.tx, turn.person.id, report.id, place.to_json(), turn.now
    )
    desk = lay_out(turn.tx, report, turn.person.id, place, revision, turn.said_at)
    note = _said(turn, report, "review.behalf.wrong").shown[0]
    return show_desk(turn, desk, extra=(note,))


def waits(turn: Turn, report: Report, code: str | None) -> bool:
    """Whether something that the office entered (in this answer) waits for the area's word."""
    if report.unit_id not in turn.areas:
        return False
    found = reports.answers_of(turn.tx, report.id).values()
    return any(one.office == "entered" and code in {None, one.indicator} for one in found)


@phrase(at_rest=True)
def typed(turn: Turn, text: str) -> Reply | None:
    """Take "đúng" or "sai" in words, where something of the person's areas waits for it."""
    action = _WORDS.get(plain(text))
    if action is None:
        return None
    for unit_id in turn.areas:
        commune_id = places.unit(turn.tx, unit_id).commune_id
        for round_ in rounds.open_rounds(turn.tx, commune_id, turn.now):
            report = reports.report_of(turn.tx, round_.id, unit_id)
            if report is None or not report.sends:
                continue
            answers = reports.answers_of(turn.tx, report.id).values()
            if any(answer.office == "entered" for answer in answers):
                stamp = (turn.now - _EPOCH) // timedelta(microseconds=1)
                button = unpack(pack(action, report.id, stamp, ""))
                return answered(turn, button) if button is not None else None
    return None


def _said(turn: Turn, report: Report, key: str) -> Reply:
    """A sentence in the place of the question, and the way into the report."""
    unit = unit_text(places.unit(turn.tx, report.unit_id), turn.texts)
    rows = ((Button(turn.texts.say("button.correct"), pack("sum", report.id, "", 0)),),)
    return turn.shows(Screen(turn.texts.say(key, unit=unit), rows))
