"""The screens on which reports are looked at: the list, and one report beside its last period."""

from collections.abc import Callable, Sequence

from criteria.answers import Ratio
from criteria.conversation import Question
from criteria.percent import percent_text
from handlers.flow.channel import Button, Screen
from handlers.flow.commands import command
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import page_of, to
from handlers.flow.phrases import phrase
from handlers.flow.press import Press, pack
from handlers.flow.rights import OFFICER
from handlers.report.view import ReportView
from handlers.report.wording import counts_text, unit_text, value_text
from handlers.review.cases import (
    MARKS,
    case_of,
    marks_of,
    marks_of_report,
    name_of,
    open_round,
    signs,
    stamp,
    waiting,
)
from handlers.rounds.criteria_sets import round_names
from handlers.texts import Html, Texts, plain
from storage import places, reports, rounds
from storage.reports import Report
from storage.rounds import Round

Row = tuple[Button, ...]
_PAGE = 4
_MOST_ROUNDS = 6
_WORDS = frozenset({"duyet", "review"})


@phrase()
def named(context: Context, text: str) -> Next | None:
    """The list of reports, for the word "duyệt" and the caption "Duyệt (3)"."""
    word, _, count = plain(text).partition(" ")
    ours = word in _WORDS and (not count or count.isdecimal())
    return review_command(context, "") if ours else None


@command(
    "duyet",
    "review",
    place=50,
    menu=OFFICER.holds,
    refused="manage.not_officer",
)
def review_command(context: Context, text: str) -> Next | None:
    """The list of the one round that is open, else which round; None for who isn't an officer."""
    if not context.office_communes:
        return None
    found = _open_rounds(context)
    return Next(to("v.list", found[0].id) if len(found) == 1 else to("v.which"))


def _open_rounds(context: Context) -> list[Round]:
    return [
        round_
        for commune_id in context.office_communes
        for round_ in rounds.open_rounds(context.tx, commune_id, context.now)
    ]


def _which_round(context: Context, press: Press, said: Said) -> Screen | None:
    if not context.office_communes:
        return None
    texts, found = context.texts, _open_rounds(context)
    status = (Button(texts.say("button.status"), pack("s.home")),)
    if not found:
        return Screen(texts.say("review.no_round"), (status,))
    communes = {one.id: places.commune(context.tx, one.commune_id).name for one in found}
    names = round_names(found, texts.language)
    rows = tuple(
        (Button(f"{communes[one.id]} · {names[one.id]}", pack("v.list", one.id)),)
        for one in found[:_MOST_ROUNDS]
    )
    return Screen(texts.say("status.which_round"), (*rows, status))


def _list(context: Context, press: Press, said: Said) -> Screen | None:
    """What waits, the oldest first, with its marks."""
    round_ = open_round(context, press.number(0))
    if round_ is None:
        return None
    texts, cases = context.texts, waiting(context, round_)
    key = "review.list.ask" if cases else "review.list.none"
    lines: list[str] = [texts.say(key, round=round_.name, count=len(cases))]
    lines += [""] if cases else []
    shown, page, pages = page_of(cases, press.number(1) or 0, _PAGE)
    lines += [_list_line(context, view) for view in shown]
    lines += _legend({mark for view in shown for mark in marks_of_report(view)}, texts)
    lines += _returned(context, round_.id)
    rows: list[Row] = [
        (
            Button(
                f"{name_of(view, texts)} {signs(marks_of_report(view))}".strip(),
                pack("v.one", view.report.id),
            ),
        )
        for view in shown
    ]
    rows += onward_row(pages, page, lambda n: pack("v.list", round_.id, n), texts)
    unmarked = sum(not marks_of_report(view) for view in cases)
    if unmarked:
        rows.append(
            (Button(texts.say("review.button.all", count=unmarked), pack("v.all", round_.id)),)
        )
    rows.append(
        (
            Button(texts.say("review.button.behalf"), pack("v.help", round_.id)),
            Button(texts.say("button.status"), pack("s.home")),
        )
    )
    return Screen("\n".join(lines).strip(), tuple(rows))


def _list_line(context: Context, view: ReportView) -> str:
    texts = context.texts
    key = "review.list.line_late" if view.report.late else "review.list.line"
    line = texts.say(
        key,
        unit=name_of(view, texts),
        when=texts.time(view.report.sent_at or context.now, context.deployment.zone),
    )
    return f"{line} {signs(marks_of_report(view))}".strip()


def _returned(context: Context, round_id: int) -> list[str]:
    """The areas that were asked again and have not sent since."""
    found: list[Report] = [
        one for one in reports.reports_of_round(context.tx, round_id).values()
        if one.state == "returned"
    ]  # fmt: skip
    if not found:
        return []
    units = {one.id: one for one in rounds.units_of_round(context.tx, round_id)}
    names = ", ".join(unit_text(units[one.unit_id], context.texts) for one in found)
    return ["", context.texts.say("review.list.returned", names=names)]


def onward_row(pages: int, page: int, press: Callable[[int], str], texts: Texts) -> list[Row]:
    """One button to the next page, and from the last one to the first."""
    if pages == 1:
        return []
    label = texts.say("review.button.onward", page=page + 1, pages=pages)
    return [(Button(label, press((page + 1) % pages)),)]


def _one(context: Context, press: Press, said: Said = ()) -> Screen | None:
    """One report: every answer beside the last period, what is striking, and what can be done."""
    view = case_of(context, press.number(0))
    if view is None:
        return None
    texts, report = context.texts, view.report
    lines: list[str] = [
        texts.say("review.one.ask", unit=name_of(view, texts), round=view.round.name),
        texts.say(
            f"review.state.{report.state}",
            when=texts.time(report.sent_at or context.now, context.deployment.zone),
        ),
        "",
    ]
    lines += answer_lines(view, texts)
    lines += _legend(set(marks_of_report(view)), texts, office=_entered(view))
    return Screen("\n".join(lines), _rows(view, texts))


def not_now(context: Context, press: Press) -> Screen | None:
    """The report, where what was pressed for it can't be done any more."""
    screen = _one(context, press)
    if screen is None:
        return None
    return Screen(f"{context.texts.say('toast.not_now')}\n\n{screen.text}", screen.rows)


def _entered(view: ReportView) -> bool:
    return any(answer.office is not None for answer in view.answers.values())


def _rows(view: ReportView, texts: Texts) -> tuple[Row, ...]:
    here = view.report.id
    rows: list[Row] = []
    if view.writable and view.report.state in {"sent", "accepted"}:
        first: list[Button] = []
        if view.report.state == "sent":
            first.append(Button(texts.say("review.button.accept"), pack("v.ok", here, stamp(view))))
        first.append(Button(texts.say("review.button.return"), pack("v.ret", here)))
        rows.append(tuple(first))
    if view.writable:
        second = [Button(texts.say("review.button.correct"), pack("v.fix", here))]
        if any("total" in marks_of(view, q) for q in view.questions):
            second.append(Button(texts.say("review.button.total"), pack("v.tot", here)))
        rows.append(tuple(second))
    count = sum(count for count, _ in view.evidence.values())
    if count:
        label = texts.say("review.button.evidence", count=count)
        rows.append((Button(label, pack("v.evid", here)),))
    back = pack("v.list", view.round.id) if view.writable else pack("s.home")
    key = "review.button.list" if view.writable else "button.status"
    rows.append((Button(texts.say(key), back),))
    return tuple(rows)


def answer_lines(view: ReportView, texts: Texts, chosen: int | None = None) -> list[str]:
    """All answers, numbered; with `chosen` (bits by order) a tick before those that are."""
    lines: list[str] = []
    for index, question in enumerate(view.questions):
        tick = "" if chosen is None else ("☑ " if chosen >> index & 1 else "▫️ ")
        lines.append(tick + _answer_line(view, question, index + 1, texts))
        if chosen is None:
            lines += pending_lines(view, question, texts)
    return lines


def _answer_line(view: ReportView, question: Question, number: int, texts: Texts) -> str:
    indicator, answer = view.indicator(question.code), view.answers.get(question.code)
    if question.answer is not None:
        value: str = value_text(question.answer, texts, indicator)
    else:
        value = texts.say("summary.unknown" if question.unknown else "summary.missing")
    line: str = texts.say(
        "review.line",
        number=number,
        short=indicator.text(texts.language).short,
        value=Html(value),
    )
    if question.last is not None and question.last != question.answer:
        line += " " + texts.say("review.last", value=counts_text(question.last, texts))
    line += " 📎" * bool(view.pieces(question.code))
    line += " ☎️" * (answer is not None and answer.office is not None)
    return f"{line} {signs(marks_of(view, question))}".rstrip()


def pending_lines(view: ReportView, question: Question, texts: Texts) -> list[str]:
    """The result over the commune's own total, where the area gave another."""
    answer = view.answers.get(question.code)
    if answer is None or answer.commune_total is None or not isinstance(question.answer, Ratio):
        return []
    total = answer.commune_total
    if question.answer.numerator > total or not total:
        return [texts.say("review.pending_less", total=total)]
    threshold = view.indicator(question.code).threshold
    percent = percent_text(question.answer.numerator, total, threshold, texts.language)
    return [texts.say("review.pending", total=total, percent=percent)]


def _legend(there: set[str], texts: Texts, *, office: bool = False) -> list[str]:
    said = [f"{MARKS[mark]} {texts.say(f'review.mark.{mark}')}" for mark in MARKS if mark in there]
    if office:
        said.append(texts.say("review.behalf.legend"))
    return ["", " · ".join(said)] if said else []


def numbered(
    items: Sequence[tuple[str, str]], page: int, size: int, per_row: int
) -> tuple[list[Row], int, int]:
    """Small buttons of one page, several a row; with the page shown and how many there are."""
    shown, page, pages = page_of(items, page, size)
    buttons = [Button(label, data) for label, data in shown]
    rows = [tuple(buttons[i : i + per_row]) for i in range(0, len(buttons), per_row)]
    return rows, page, pages


STEPS = Steps(views={"v.which": _which_round, "v.list": _list, "v.one": _one})
