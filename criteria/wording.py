"""The texts of a set, filled with the parameters of the set, in the reader's language."""

from functools import lru_cache

from babel.numbers import format_decimal

from criteria.definition import Age, CriteriaSet, Indicator


def fill(
    text: str, criteria: CriteriaSet, year: int, language: str, *, total: int | None = None
) -> str:
    """Return `text` filled with the ages of the figures' `year` and the `total` of the unit."""
    ages = criteria.parameters.working_age_in(year)
    return text.format(
        adult_age=criteria.parameters.adult_age,
        working_age_men=age_text(ages.men, language),
        working_age_women=age_text(ages.women, language),
        total="…" if total is None else count_text(total, language),
    )


def question(
    criteria: CriteriaSet,
    indicator: Indicator,
    year: int,
    language: str,
    *,
    office: bool = False,
    total: int | None = None,
) -> str:
    """Return the question: for the numerator if the total is known, else for both counts."""
    text = indicator.text(language, office=office)
    asked = text.question if total is not None else text.question_pair or text.question
    return fill(asked, criteria, year, language, total=total)


def age_text(age: Age, language: str) -> str:
    """Return "61 tuổi 6 tháng", "57 tuổi"; in English "61 years 6 months"."""
    years, months = ("years", "months") if language == "en" else ("tuổi", "tháng")
    return f"{age.years} {years}" + (f" {age.months} {months}" if age.months else "")


@lru_cache(maxsize=4096)
def count_text(number: int, language: str) -> str:
    """Return a whole number with thousands separators: 1.234 in Vietnamese, 1,234 in English."""
    return str(format_decimal(number, locale=language))
