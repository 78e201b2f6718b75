"""What people said in a year, and the results of it, computed independently of the program.

A value is (numerator, denominator) or True/False. This module imports nothing of the program.
"""

from dataclasses import dataclass, field
from fractions import Fraction

LINES = {
    "HT1": Fraction(85, 100),
    "HT2": Fraction(1),
    "CQ1": Fraction(75, 100),
    "KT1": Fraction(85, 100),
    "KT2": Fraction(70, 100),
}
OF_AREAS = ("HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1")
OF_OFFICE = ("HT2", "CQ1", "CQ2", "CQ5", "XH2", "XH3")
FIGURES = {
    "HT1": "adults",
    "HT2": "area_cadres",
    "KT1": "working_age",
    "KT2": "service_businesses",
}
OFFICE = "office"
_ONE_IS_ENOUGH = ("KT3", "XH1")


@dataclass
class Page:
    """One round: its units, their answers, and which reports were sent."""

    name: str
    units: list[str]
    said: dict[str, dict[str, tuple[int, int] | bool]] = field(default_factory=dict)
    sent: set[str] = field(default_factory=set)
    asked_again: set[tuple[str, str]] = field(default_factory=set)
    figures: dict[str, dict[str, int]] = field(default_factory=dict)

    def counted(self, unit, code):
        """The counted answers of a unit; None if its report is missing."""
        if unit not in self.sent or (unit, code) in self.asked_again:
            return None
        return self.said.get(unit, {}).get(code)


class Ledger:
    """The pages of one commune, its present figures, and its mergers."""

    def __init__(self, figures):
        self.figures = {unit: dict(some) for unit, some in figures.items()}
        self.pages = []
        self._merged = {}

    @property
    def page(self):
        """The round that is open."""
        return self.pages[-1]

    def opens(self, name, units):
        """A new page."""
        self.pages.append(Page(name, [*units, OFFICE]))

    def closes(self):
        """Close the page; its figures stay as they are now."""
        self.page.figures = {unit: dict(some) for unit, some in self.figures.items()}

    def says(self, unit, code, value):
        """Record answers; questions that were asked again are answered."""
        self.page.said.setdefault(unit, {})[code] = value
        return value

    def sends(self, unit):
        """Record that the report of the unit was sent (again)."""
        self.page.sent.add(unit)
        self.page.asked_again -= {one for one in self.page.asked_again if one[0] == unit}

    def merges(self, into, *parts):
        """Record a merger; the last answers are added up if all parts had one."""
        before = {code: _added([self.last(one, code) for one in parts]) for code in OF_AREAS}
        self._merged[into] = len(self.pages), before

    def last(self, unit, code, before=None):
        """The answer that counted last, before this page (or up to now)."""
        end = len(self.pages) if before is None else self.pages.index(before)
        since, balance = self._merged.get(unit, (0, {}))
        if end < since:
            since, balance = 0, {}
        for page in reversed(self.pages[since:end]):
            if page.counted(unit, code) is not None:
                return page.counted(unit, code)
        return balance.get(code)

    def total(self, unit, code):
        """The denominator that is known while the page is open."""
        known = self.figures.get(unit, {}).get(FIGURES.get(code))
        if known is not None or code == "CQ1":
            return known
        last = self.last(unit, code, self.page)
        return None if last is None else last[1]

    def result(self, page):
        """The verdict and the sums of each indicator."""
        found = {}
        for code in dict.fromkeys((*OF_AREAS, *OF_OFFICE)):
            units = [
                one for one in page.units if code in (OF_OFFICE if one == OFFICE else OF_AREAS)
            ]
            answers = {one: page.counted(one, code) for one in units}
            if code in LINES:
                found[code] = self._ratio(page, code, answers)
            else:
                found[code] = _yes_no(code, answers)
        return found

    def _ratio(self, page, code, answers):
        given = [one for one in answers.values() if one is not None]
        numerator, denominator = sum(n for n, _ in given), sum(d for _, d in given)
        lacking = [self._expected(page, unit, code) for unit, one in answers.items() if one is None]
        said = {"numerator": numerator, "denominator": denominator}
        line = LINES[code]
        if None in lacking:
            never = line == 1 and numerator < denominator
            return {"verdict": "not_met" if never else "insufficient", **said}
        whole = denominator + sum(lacking)
        if numerator >= line * whole:
            return {"verdict": "met", **said}
        enough = numerator + sum(lacking) >= line * whole
        return {"verdict": "insufficient" if enough else "not_met", **said}

    def _expected(self, page, unit, code):
        key = "commune_cadres" if (unit, code) == (OFFICE, "HT2") else FIGURES.get(code)
        known = page.figures.get(unit, {}).get(key)
        last = self.last(unit, code, page)
        return known if known is not None else last and last[1]


def _yes_no(code, answers):
    yes, no = (sum(one is word for one in answers.values()) for word in (True, False))
    unknown = sum(one is None for one in answers.values())
    if code in OF_OFFICE:
        verdict = "met" if yes else "not_met" if no else "insufficient"
        return {"verdict": verdict}
    certain = ("met", yes, no) if code in _ONE_IS_ENOUGH else ("not_met", no, yes)
    verdict = certain[0] if certain[1] else "insufficient"
    if not unknown and not certain[1]:
        verdict = "not_met" if code in _ONE_IS_ENOUGH else "met"
    return {"verdict": verdict, "yes": yes, "no": no, "unknown": unknown}


def _added(parts):
    if any(one is None for one in parts):
        return None
    if any(isinstance(one, bool) for one in parts):
        return any(parts)
    return sum(n for n, _ in parts), sum(d for _, d in parts)
