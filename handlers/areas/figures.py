"""One figure of an area: typed, with what it changes in the open rounds, before it counts."""

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
from handlers.flow.page import Page
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

_SAID = frozenset({"negative", "decimal", "too_large", "vague", "range", "arithmetic", "half"})

Figure = Annotated[str, one_among(lambda it: kinds_of(it.before["unit"]))]


@one_area.text
def take_kind(context: Context, text: str, unit: OfficeUnit) -> Next | Reply | None:
    """Take a figure by its name, "trưởng thành", or with its number: "trưởng thành 412"."""
    said = plain(text)
    for kind in kinds_of(unit):
        for key in (f"areas.figure.{kind}", f"history.figures.{kind}"):
            name = plain(context.texts.say(key))
            if said == name:
                return Next(ask_figure.at(unit, kind))
            if said.startswith(f"{name} "):
                rest = text.split()[len(name.split()) :]  # as it was written: signs and commas
                return take_figure(context, " ".join(rest), unit, kind)
    return None


@screen("m.afig", right=OFFICER, asks=True)
def ask_figure(context: Context, unit: OfficeUnit, kind: Figure) -> Screen:
    """Ask for the number; show the present one."""
    texts, page = context.texts, Page(context)
    page.say("areas.figure_ask", unit=texts.unit(unit), kind=_word(context, kind))
    page.say("areas.figure_stands", value=_said(_standing(context, unit, kind), texts))
    return page.back(one_area.at(unit)).screen()


@ask_figure.text
def take_figure(context: Context, text: str, unit: OfficeUnit, kind: Figure) -> Next:
    """Take the number; ask again if it is unclear or more than the population."""
    reading = read(text, "count")
    new = reading.value if reading.outcome in {"value", "confirm"} else None
    if not isinstance(new, int):
        known = reading.reason in _SAID
        key = f"say.{reading.reason}" if known else "areas.figure_unclear"
        return Next(ask_figure.at(unit, kind), context.texts.say(key))
    return _checked(context, unit, kind, new) or Next(_previewed(context, unit, kind, new))


def _previewed(context: Context, unit: Unit, kind: str, new: int) -> Press:
    return preview.at(unit, kind, new, _standing(context, unit, kind))


def _checked(context: Context, unit: Unit, kind: str, new: int) -> Next | None:
    """Return the question again with the reason why this number can't be; None when it can."""
    standing = places.figures_of(context.tx, unit.id)
    if standing.get(kind) == new:
        return Next(ask_figure.at(unit, kind), context.texts.say("areas.figure_same", value=new))
    for key, part, all_ in parts_above_population({**standing, kind: new}, standing):
        name = _word(context, key)
        said = context.texts.say("areas.more_than_all", kind=name, part=part, all=all_)
        return Next(ask_figure.at(unit, kind), said)
    return None


# --- what it changes ------------------------------------------------------------------------------


@screen("m.afigp", right=OFFICER)
def preview(
    context: Context, unit: OfficeUnit, kind: Figure, new: Number, old: OptionalNumber
) -> Screen:
    """Show the old and the new number, and what it changes in the open rounds."""
    texts, standing = context.texts, _standing(context, unit, kind)
    change = {"kind": _word(context, kind), "old": _said(standing, texts), "new": new}
    page = Page(context).say("areas.figure_change", unit=texts.unit(unit), **change)
    found = rounds_for(context, unit)
    names = round_names(found, texts.language)
    told = False
    for one in found:
        lines = _effects(context, unit, kind, new, one)
        if lines:
            told = True
            page.line().say("areas.round", round=names[one.id]).line(*lines)
    if not told:
        page.line().say("areas.no_effect" if found else "areas.no_round")
    page.button("areas.button.write", write.at(unit, kind, new, standing))
    return page.back(ask_figure.at(unit, kind)).screen()


@preview.text
def take_another(context: Context, text: str, unit: OfficeUnit, kind: Figure) -> Next | None:
    """Take another number, typed instead of a press."""
    return take_figure(context, text, unit, kind) if any(one.isdigit() for one in text) else None


def _effects(context: Context, unit: Unit, kind: str, new: int, round_: Round) -> list[Html]:
    """What the figure does in one round: pairs that stay, and totals that are waited for."""
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
        if (_whole(one), one.verdict) != (_whole(other), other.verdict):
            lines.append(_total_line(texts, criteria, one, other))
    key = "suppose.met_same" if before.met == after.met else "suppose.met"
    return [*lines, texts.say(key, before=before.met, after=after.met, total=after.total)]


def _pair_line(texts: Texts, criteria: CriteriaSet, code: str, pair: Ratio, new: int) -> Html:
    """What the area said stays as it is; with another total it is marked."""
    indicator = criteria.indicator(code)
    key = "areas.pair_agrees" if pair.denominator == new else "areas.pair_stays"
    short = texts.short(indicator)
    return texts.say(key, short=short, value=value_text(pair, texts, indicator))


def _total_line(
    texts: Texts, criteria: CriteriaSet, before: IndicatorResult, after: IndicatorResult
) -> Html:
    """The whole commune's total with those that are waited for, and the verdict."""
    verdict = texts.say(f"status.verdict.{after.verdict.value}")
    if before.verdict is not after.verdict:
        was = texts.say(f"status.verdict.{before.verdict.value}")
        verdict = texts.say("areas.verdict", before=was, after=verdict)
    return texts.say(
        "areas.total",
        mark=MARKS[after.verdict],
        short=texts.short(criteria.indicator(after.code)),
        before=_said(_whole(before), texts),
        after=_said(_whole(after), texts),
        verdict=verdict,
    )


def _whole(one: IndicatorResult) -> int | None:
    if one.ratio is None or one.ratio.expected is None:
        return None
    return one.ratio.denominator + one.ratio.expected


# --- writing it -----------------------------------------------------------------------------------


@action("m.afigy", right=OFFICER)
def write(
    context: Context, unit: OfficeUnit, kind: Figure, new: Number, old: OptionalNumber
) -> Next:
    """Store the figure, unless another one was stored since it was shown."""
    if _standing(context, unit, kind) != old:
        return Next(_previewed(context, unit, kind, new), context.texts.say("areas.changed_since"))
    refused = _checked(context, unit, kind, new)
    if refused is not None:
        return refused
    change = FigureChange(unit.id, kind, old, new)
    change_figures(context.tx, [change], context.now, Author(context.way, context.person.id))
    done = context.texts.say("areas.figure_done", kind=_word(context, kind), value=new)
    return Next(one_area.at(unit), done)


def _standing(context: Context, unit: Unit, kind: str) -> int | None:
    return places.figures_of(context.tx, unit.id).get(kind)


def _said(value: int | None, texts: Texts) -> str:
    return texts.say("areas.none") if value is None else texts.number(value)


def _word(context: Context, kind: str) -> str:
    return context.texts.say(f"history.figures.{kind}")
