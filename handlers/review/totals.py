"""Settling a total: the area's becomes the commune's figure, or the answer takes the commune's."""

from criteria.answers import Ratio
from handlers.flow.channel import Button, Screen
from handlers.flow.context import Context
from handlers.flow.legacy import Said, Steps
from handlers.flow.next import Next
from handlers.flow.page import to
from handlers.flow.press import Press, pack
from handlers.messages.notifications import tell_reporters
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from handlers.review.cases import case_of, name_of
from handlers.review.correcting import enter
from handlers.review.screens import not_now, pending_lines
from handlers.texts import Texts
from storage import on_behalf


def _both_totals(context: Context, press: Press, said: Said) -> Screen | None:
    """Both totals with both results, and the choice."""
    view = case_of(context, press.number(0))
    if view is None or not view.writable:
        return not_now(context, press)
    code = press.text(1) or next(iter(_pending(view)), "")
    value, total = _both(view, code)
    question = view.question(code)
    if value is None or total is None or question is None:
        return not_now(context, press)
    texts, here, number = context.texts, view.report.id, view.number_of(code)
    indicator = view.indicator(code)
    lines = [
        texts.say(
            "review.total.ask",
            number=number,
            short=indicator.text(texts.language).short,
            unit=name_of(view, texts),
        ),
        "",
        texts.say("review.total.area", value=value_text(value, texts, indicator)),
        *pending_lines(view, question, texts),
    ]
    pair = (here, code, value.denominator, total)
    rows: list[tuple[Button, ...]] = [
        (
            Button(
                texts.say("review.button.total_area", total=value.denominator),
                pack("v.tota", *pair),
            ),
        )
    ]
    if value.numerator <= total and total:
        label = texts.say("review.button.total_commune", total=total)
        rows.append((Button(label, pack("v.totc", *pair)),))
    if view.report.state in {"sent", "accepted"}:
        ask = pack("v.ret", here, 1 << (number - 1))
        rows.append((Button(texts.say("review.button.ask_again"), ask),))
    rows.append((Button(texts.say("button.back"), pack("v.one", here)),))
    return Screen("\n".join(lines), tuple(rows))


def _pending(view: ReportView) -> list[str]:
    return [q.code for q in view.questions if _both(view, q.code)[1] is not None]


def _both(view: ReportView, code: str) -> tuple[Ratio | None, int | None]:
    """The area's pair and the commune's total, where these differ."""
    answer = view.answers.get(code)
    if answer is None or answer.commune_total is None or not isinstance(answer.value, Ratio):
        return None, None
    return answer.value, answer.commune_total


def _settle(context: Context, press: Press, said: Said) -> Next | None:
    """Settle it as pressed, if both totals still stand as they were shown."""
    view, code = case_of(context, press.number(0)), press.text(1)
    if view is None or view.question(code) is None:
        return None
    texts, here = context.texts, to("v.one", view.report.id)
    if not view.writable:
        return Next(here, texts.say("review.closed"))
    value, total = _both(view, code)
    if value is None or (press.number(2), press.number(3)) != (value.denominator, total):
        return Next(here, texts.say("review.total.over"))
    done = (
        _take_area(context, view, code) if press.action == "v.tota" else _keep(context, view, code)
    )
    if done is None:
        return None
    left = [one for one in _pending(view) if one != code]
    onward = to("v.tot", view.report.id, left[0]) if left else here
    return Next(onward, texts.say(done, number=view.number_of(code)))


def _take_area(context: Context, view: ReportView, code: str) -> str | None:
    figure = view.indicator(code).figure_of(office=view.unit.office).value
    total = on_behalf.take_total(
        context.tx, view.report, code, figure, by=context.person.id, now=context.now
    )
    if total is None:
        return None

    def screen(texts: Texts) -> Screen:
        return Screen(
            texts.say(
                "review.total.message",
                unit=name_of(view, texts),
                number=view.number_of(code),
                short=view.indicator(code).text(texts.language).short,
                total=total,
            ),
            ((Button(texts.say("button.correct"), pack("sum", view.report.id, "", 0)),),),
        )

    tell_reporters(context, view.unit.id, "total", screen)
    return "review.total.taken"


def _keep(context: Context, view: ReportView, code: str) -> str | None:
    value, total = _both(view, code)
    if value is None or total is None or not total or value.numerator > total:
        return None
    key = "review.total.reason"
    enter(context, view, code, Ratio(value.numerator, total), context.texts.say(key), key)
    return "review.total.kept"


STEPS = Steps(views={"v.tot": _both_totals}, deeds={"v.tota": _settle, "v.totc": _settle})
