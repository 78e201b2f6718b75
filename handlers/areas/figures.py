"""One figure of an area: typing it, a preview of its effect on open rounds, storing it."""

from typing import Annotated

from criteria.answers import Ratio
from criteria.definition import CriteriaSet
from criteria.reading import read
from criteria.scoring import IndicatorResult, score, suppose_total
from handlers.areas.arguments import kinds_of
from handlers.areas.changing import change_figures, codes_of, parts_above_population
from handlers.areas.screens import one_area
from handlers.flow.arguments import Number, OptionalNumber, one_among
from handlers.flow.channel import Reply, Screen
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder
from handlers.flow.press import Press
from handlers.flow.rights import OFFICER
from handlers.flow.routes import Next, action, screen
from handlers.officer.access import OfficeUnit
from handlers.report.assigned_reports import rounds_for
from handlers.report.wording import value_text
from handlers.rounds.criteria_sets import round_names, set_of
from handlers.status.lines import MARKS
from handlers.texts import Html, Texts, plain
from storage.places import places
from storage.places.places import Unit
from storage.places.roster import Author, FigureChange
from storage.results import current_facts, total_marks
from storage.rounds.rounds import Round

_EXPLAINED = frozenset({"negative", "decimal", "too_large", "vague", "range", "arithmetic", "half"})

Figure = Annotated[str, one_among(lambda it: kinds_of(it.before["unit"]))]


@one_area.text
def take_kind(context: Context, text: str, unit: OfficeUnit) -> Next | Reply | None:
    """Take a figure by its name, "trưởng thành", or with its number: "trưởng thành 412"."""
    typed = plain(text)
    for kind in kinds_of(unit):
        for key in (f"areas.figure.{kind}", f"history.figures.{kind}"):
            name = plain(context.texts.say(key))
            if typed == name:
                return Next(ask_figure.at(unit, kind))
            if typed.startswith(f"{name} "):
                rest = text.split()[len(name.split()) :]  # with the signs and commas as typed
                return take_figure(context, " ".join(rest), unit, kind)
    return None


@screen("m.afig", right=OFFICER, asks=True)
def ask_figure(context: Context, unit: OfficeUnit, kind: Figure) -> Screen:
    """Ask for the number; show the present one."""
    texts, page = context.texts, ScreenBuilder(context)
    page.say("areas.figure_ask", unit=texts.unit(unit), kind=_figure_name(context, kind))
    page.say("areas.figure_stands", value=_shown(_present(context, unit, kind), texts))
    return page.back(one_area.at(unit)).screen()


@ask_figure.text
def take_figure(context: Context, text: str, unit: OfficeUnit, kind: Figure) -> Next:
    """Take the number; ask again if it is unclear or more than the population."""
    reading = read(text, "count")
    new = reading.value if reading.outcome in {"value", "confirm"} else None
    if not isinstance(new, int):
        explained = reading.reason in _EXPLAINED
        key = f"say.{reading.reason}" if explained else "areas.figure_unclear"
        return Next(ask_figure.at(unit, kind), context.texts.say(key))
    return _checked(context, unit, kind, new) or Next(_previewed(context, unit, kind, new))


def _previewed(context: Context, unit: Unit, kind: str, new: int) -> Press:
    return preview.at(unit, kind, new, _present(context, unit, kind))


def _checked(context: Context, unit: Unit, kind: str, new: int) -> Next | None:
    """Return the question with the reason why this number is refused; None if it is accepted."""
    present = places.figures_of(context.tx, unit.id)
    if present.get(kind) == new:
        return Next(ask_figure.at(unit, kind), context.texts.say("areas.figure_same", value=new))
    for key, part, all_ in parts_above_population({**present, kind: new}, present):
        name = _figure_name(context, key)
        refused = context.texts.say("areas.more_than_all", kind=name, part=part, all=all_)
        return Next(ask_figure.at(unit, kind), refused)
    return None


# --- its effect -----------------------------------------------------------------------------------


@screen("m.afigp", right=OFFICER)
def preview(
    context: Context, unit: OfficeUnit, kind: Figure, new: Number, old: OptionalNumber
) -> Screen:
    """Show the old and the new number, and the effect on the open rounds."""
    texts, present = context.texts, _present(context, unit, kind)
    change = {"kind": _figure_name(context, kind), "old": _shown(present, texts), "new": new}
    page = ScreenBuilder(context).say("areas.figure_change", unit=texts.unit(unit), **change)
    found = rounds_for(context, unit)
    names = round_names(found, texts.language)
    has_effect = False
    for one in found:
        lines = _effects(context, unit, kind, new, one)
        if lines:
            has_effect = True
            page.line().say("areas.round", round=names[one.id]).line(*lines)
    if not has_effect:
        page.line().say("areas.no_effect" if found else "areas.no_round")
    page.button("areas.button.write", write.at(unit, kind, new, present))
    return page.back(ask_figure.at(unit, kind)).screen()


@preview.text
def take_another(context: Context, text: str, unit: OfficeUnit, kind: Figure) -> Next | None:
    """Take another number, typed instead of a press."""
    return take_figure(context, text, unit, kind) if any(one.isdigit() for one in text) else None


def _effects(context: Context, unit: Unit, kind: str, new: int, round_: Round) -> list[Html]:
    """Return the effects on one round: answers that do not change, and changed totals."""
    texts, criteria = context.texts, set_of(round_)
    codes = codes_of(criteria, kind, office=unit.office)
    if not codes:
        return []
    facts = current_facts.round_facts(context.tx, round_, criteria)
    pairs = total_marks.stored_ratios(context.tx, round_.id, [unit.id])
    before = score(criteria, facts)
    after = score(criteria, suppose_total(facts, unit.id, codes, new))
    lines = []
    for code in codes:
        pair = pairs.get((unit.id, code))
        if pair is not None:
            lines.append(_pair_line(texts, criteria, code, pair, new))
        one, other = before.indicator(code), after.indicator(code)
        if (_total(one), one.verdict) != (_total(other), other.verdict):
            lines.append(_total_line(texts, criteria, one, other))
    key = "suppose.met_same" if before.met == after.met else "suppose.met"
    return [*lines, texts.say(key, before=before.met, after=after.met, total=after.total)]


def _pair_line(texts: Texts, criteria: CriteriaSet, code: str, pair: Ratio, new: int) -> Html:
    """Return the line of an answer, which does not change; with another total it is marked."""
    indicator = criteria.indicator(code)
    key = "areas.pair_agrees" if pair.denominator == new else "areas.pair_stays"
    short = texts.short(indicator)
    return texts.say(key, short=short, value=value_text(pair, texts, indicator))


def _total_line(
    texts: Texts, criteria: CriteriaSet, before: IndicatorResult, after: IndicatorResult
) -> Html:
    """Return the line of the commune's total, with missing reports, and the verdict."""
    verdict = texts.say(f"status.verdict.{after.verdict.value}")
    if before.verdict is not after.verdict:
        was = texts.say(f"status.verdict.{before.verdict.value}")
        verdict = texts.say("areas.verdict", before=was, after=verdict)
    return texts.say(
        "areas.total",
        mark=MARKS[after.verdict],
        short=texts.short(criteria.indicator(after.code)),
        before=_shown(_total(before), texts),
        after=_shown(_total(after), texts),
        verdict=verdict,
    )


def _total(one: IndicatorResult) -> int | None:
    if one.ratio is None or one.ratio.expected is None:
        return None
    return one.ratio.denominator + one.ratio.expected


# --- storing it -----------------------------------------------------------------------------------


@action("m.afigy", right=OFFICER)
def write(
    context: Context, unit: OfficeUnit, kind: Figure, new: Number, old: OptionalNumber
) -> Next:
    """Store the figure, unless another one was stored after the preview was shown."""
    if _present(context, unit, kind) != old:
        return Next(_previewed(context, unit, kind, new), context.texts.say("areas.changed_since"))
    refused = _checked(context, unit, kind, new)
    if refused is not None:
        return refused
    change = FigureChange(unit.id, kind, old, new)
    change_figures(context.tx, [change], context.now, Author(context.way, context.person.id))
    done = context.texts.say("areas.figure_done", kind=_figure_name(context, kind), value=new)
    return Next(one_area.at(unit), done)


def _present(context: Context, unit: Unit, kind: str) -> int | None:
    return places.figures_of(context.tx, unit.id).get(kind)


def _shown(value: int | None, texts: Texts) -> str:
    return texts.say("areas.none") if value is None else texts.number(value)


def _figure_name(context: Context, kind: str) -> str:
    return context.texts.say(f"history.figures.{kind}")
