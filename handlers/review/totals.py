"""Settling a total: the area's becomes the commune's figure, or the commune's is used."""

from criteria.answers import Ratio
from handlers.areas.changing import change_figures
from handlers.flow.arguments import OptionalNumber, Text
from handlers.flow.channel import Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, to
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.messages.notifications import SettledTotal, tell_reporters
from handlers.report.view import ReportView
from handlers.report.wording import value_text
from handlers.review.cases import Asked, Reviewed
from handlers.review.correcting import enter
from handlers.review.screens import not_now, one_report, pending_lines
from handlers.texts import Texts
from storage.places import places
from storage.places.roster import Author, FigureChange
from storage.reports import on_behalf


@screen("v.tot", right=OFFICER)
def both_totals(context: Context, view: Reviewed, code: Text) -> Screen:
    """Ask which of two totals is right; without a code, for the first such question."""
    texts, code = context.texts, code or next(iter(_pending(view)), "")
    both, question = _both_totals(view, code), view.question(code)
    if not view.writable or both is None or question is None:
        return not_now(context, view)
    (value, total), number = both, view.number_of(code)
    short, unit = texts.short(view.indicator(code)), texts.unit(view.unit)
    page = (
        ScreenBuilder(context).say("review.total.ask", number=number, short=short, unit=unit).line()
    )
    page.say("review.total.area", value=value_text(value, texts, view.indicator(code)))
    for line in pending_lines(view, question, texts):
        page.line(line)
    pair = (view, code, value.denominator, total)
    page.button("review.button.total_area", settle.at(*pair), total=value.denominator)
    if value.numerator <= total and total:
        commune = settle.at(*pair, key="v.totc")
        page.button("review.button.total_commune", commune, total=total)
    if view.report.is_in:
        page.button("review.button.ask_again", to("v.ret", view.id, 1 << (number - 1)))
    return page.back(one_report.at(view)).screen()


def _pending(view: ReportView) -> list[str]:
    return [q.code for q in view.questions if _both_totals(view, q.code) is not None]


def _both_totals(view: ReportView, code: str) -> tuple[Ratio, int] | None:
    """Return the area's counts and the commune's total if they differ, else None."""
    answer = view.answers.get(code)
    if answer is None or answer.commune_total is None or not isinstance(answer.value, Ratio):
        return None
    return answer.value, answer.commune_total


@action("v.tota", right=OFFICER, also=("v.totc",))
def settle(
    context: Context, view: Reviewed, question: Asked, area: OptionalNumber, commune: OptionalNumber
) -> Next | None:
    """Store the chosen total, if both totals are still as shown."""
    code, texts = question.code, context.texts
    if not view.writable:
        return Next(one_report.at(view), texts.say("review.closed"))
    both = _both_totals(view, code)
    if both is None or (area, commune) != (both[0].denominator, both[1]):
        return Next(one_report.at(view), texts.say("review.total.over"))
    if context.here.action == "v.tota":
        done = _take_area(context, view, code)
    else:
        done = _take_commune(context, view, code, *both)
    if done is None:
        return None
    return Next(_following(view, code), texts.say(done, number=view.number_of(code)))


def _following(view: ReportView, settled: str) -> Press:
    """Return the address of the next question with two totals, else of the report."""
    code = next((one for one in _pending(view) if one != settled), None)
    return both_totals.at(view, code) if code is not None else one_report.at(view)


def _take_area(context: Context, view: ReportView, code: str) -> str | None:
    figure = view.indicator(code).figure_of(office=view.unit.office).value
    total = on_behalf.accept_area_total(
        context.tx, view.report, view.answers[code], **context.authorship
    )
    if total is None:
        return None
    before = places.figures_of(context.tx, view.unit.id).get(figure)
    change = FigureChange(view.unit.id, figure, before, total)
    # Other answers with this figure are compared with it, as after any change of a figure.
    change_figures(context.tx, [change], context.now, Author(context.way, context.person.id))

    def message(texts: Texts, unit: str) -> Screen:
        text = texts.say(
            "review.total.message",
            unit=unit,
            number=view.number_of(code),
            short=texts.short(view.indicator(code)),
            total=total,
        )
        return Screen(text, ((button(texts, "button.correct", "sum", view.id, "", 0),),))

    tell_reporters(context, view.unit, SettledTotal, message)
    return "review.total.taken"


def _take_commune(
    context: Context, view: ReportView, code: str, value: Ratio, total: int
) -> str | None:
    if not total or value.numerator > total:
        return None
    key = "review.total.reason"
    enter(context, view, code, Ratio(value.numerator, total), context.texts.say(key), key)
    return "review.total.kept"
