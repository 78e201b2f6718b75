"""A criteria set: its groups, indicators, parameters and texts.

A set is data: one TOML file, read by `criteria/sets/`. This module does not depend on the letter or
on any one set.
"""

import re
from enum import StrEnum
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, ValidationInfo
from pydantic_core import PydanticCustomError

LANGUAGES = ("vi", "en")
Language = Literal["vi", "en"]

_PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,6}))?\s*%")
_LARGEST = 99_999  # the same limit as for a typed reply
_SHARE = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})")


class KindName(StrEnum):
    """The kind of an indicator's answer."""

    RATIO = "ratio"
    YES_NO = "yes_no"
    QUANTITY = "quantity"


class Respondent(StrEnum):
    """Who is asked: the areas, the commune office, or both."""

    AREA = "area"
    OFFICE = "office"
    BOTH = "both"


class RollUp(StrEnum):
    """How the answers of the units become the result of the commune."""

    SUM = "sum"
    EACH = "each"
    ANY = "any"
    ALL = "all"
    SHARE = "share"
    OFFICE = "office"


class Figure(StrEnum):
    """The commune's own figure that is the denominator of an indicator."""

    ADULTS = "adults"
    WORKING_AGE = "working_age"
    AREA_CADRES = "area_cadres"
    SERVICE_BUSINESSES = "service_businesses"
    COMMUNE_CADRES = "commune_cadres"
    NONE = "none"


class CountedUnit(StrEnum):
    """The unit of what is counted; a gap is shown in this unit."""

    PEOPLE = "people"
    DOSSIERS = "dossiers"
    BUSINESSES = "businesses"
    CADRES = "cadres"


class EvidenceRule(StrEnum):
    """Whether an answer needs a photo, file or link as evidence."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


def _no_share() -> PydanticCustomError:
    return PydanticCustomError("share_form", 'must be a text such as "85 %" or "17/20"')


def read_share(text: object) -> object:
    """Return the exact fraction of "85 %", "62,5 %" or "17/20", or raise PydanticCustomError."""
    if isinstance(text, Fraction):
        return text
    if not isinstance(text, str):
        raise _no_share()
    if match := _PERCENT.fullmatch(text.strip()):
        decimals = match[2] or ""
        share = Fraction(int(match[1] + decimals), 100 * 10 ** len(decimals))
    elif (match := _SHARE.fullmatch(text.strip())) and int(match[2]):
        share = Fraction(int(match[1]), int(match[2]))
    else:
        raise _no_share()
    if not 0 < share <= 1:
        raise PydanticCustomError("share_range", "must be above 0 % and at most 100 %")
    return share


def read_threshold(given: object, info: ValidationInfo) -> object:
    """Return the threshold: a whole number for a quantity, an exact share for any other kind."""
    if info.data.get("kind") is not KindName.QUANTITY or isinstance(given, Fraction):
        return read_share(given)
    if isinstance(given, int) and not isinstance(given, bool) and 0 < given <= _LARGEST:
        return Fraction(given)
    raise PydanticCustomError("quantity_form", "must be a whole number such as 2")


Threshold = Annotated[Fraction, BeforeValidator(read_threshold), PlainSerializer(str)]
Share = Annotated[Fraction, BeforeValidator(read_share), PlainSerializer(str)]
Line = Annotated[str, Field(min_length=1, max_length=400)]
Code = Annotated[str, Field(pattern=r"^[A-Z]{1,4}[0-9]{0,3}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Localised(_Part):
    """A name in Vietnamese, with an optional English translation."""

    vi: Line
    en: Line | None = None

    def text(self, language: str) -> str:
        """Return the name in this language, or in Vietnamese if it has no translation."""
        return self.en if language == "en" and self.en else self.vi


class ShortTitle(Localised):
    """The short name of a set for places with little room: buttons and titles."""

    vi: Annotated[str, Field(min_length=1, max_length=20)]
    en: Annotated[str, Field(min_length=1, max_length=20)] | None = None


class Text(_Part):
    """The texts that a person reads about an indicator. Its kind checks which of them it needs."""

    short: Annotated[str, Field(min_length=1, max_length=30)]
    question: Line
    question_pair: Line | None = None
    question_total: Line | None = None
    definition: Annotated[str, Field(min_length=1, max_length=900)]
    evidence_hint: Line | None = None
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None


class TextChange(_Part):
    """The texts that differ when the commune office is asked."""

    short: Annotated[str, Field(min_length=1, max_length=30)] | None = None
    question: Line | None = None
    question_pair: Line | None = None
    question_total: Line | None = None
    definition: Annotated[str, Field(min_length=1, max_length=900)] | None = None
    evidence_hint: Line | None = None

    def over(self, text: Text) -> Text:
        """Return `text` with the changes applied."""
        return text.model_copy(update=self.model_dump(exclude_none=True))


class IndicatorTexts(_Part):
    """The texts of an indicator by language; Vietnamese is required."""

    vi: Text
    en: Text | None = None


class TextChanges(_Part):
    """The office's variants by language."""

    vi: TextChange | None = None
    en: TextChange | None = None


Named = Annotated[str, Field(min_length=2, max_length=60)]


class IndicatorNames(_Part):
    """Other names for an indicator in messages, in addition to its short name, by language."""

    vi: tuple[Named, ...] = ()
    en: tuple[Named, ...] = ()


class Age(_Part):
    """An age in whole years and months, since the retirement age changes by months."""

    years: Annotated[int, Field(ge=0, le=120, strict=True)]
    months: Annotated[int, Field(ge=0, le=11, strict=True)] = 0


class WorkingAge(_Part):
    """The ages at which the working age ends in one year."""

    men: Age
    women: Age


class Parameters(_Part):
    """What the letter leaves open and a commune decides. The questions show these values.

    The letter says "độ tuổi trưởng thành" and "độ tuổi lao động" without giving ages.
    """

    adult_age: Annotated[int, Field(ge=10, le=30, strict=True)]
    working_age: dict[Annotated[str, Field(pattern=r"^20\d\d$")], WorkingAge] = Field(min_length=1)

    def working_age_in(self, year: int) -> WorkingAge:
        """Return the working age of the year, else of the newest earlier year, else the first."""
        years = sorted(self.working_age)
        earlier = [known for known in years if int(known) <= year]
        return self.working_age[earlier[-1] if earlier else years[0]]


class IndicatorGroup(_Part):
    """A heading in the set, to which indicators belong."""

    code: Code
    name: Localised


class Indicator(_Part):
    """One indicator: what is asked, of whom, and how the answers become the commune's result."""

    code: Code
    group: Code
    wording: Annotated[str, Field(min_length=1, max_length=900)]
    kind: KindName
    threshold: Threshold | None = None
    unit: CountedUnit | None = None
    asked_of: Respondent
    roll_up: RollUp
    share: Share | None = None
    figure: Figure = Figure.NONE
    office_figure: Figure = Figure.NONE
    evidence: EvidenceRule = EvidenceRule.NONE
    texts: IndicatorTexts = Field(alias="text")
    office_texts: TextChanges = Field(alias="office_text", default_factory=TextChanges)
    names: IndicatorNames = Field(default_factory=IndicatorNames)

    def asks(self, *, office: bool) -> bool:
        """Return whether the office (or an area) is asked this indicator."""
        return self.asked_of is Respondent.BOTH or (self.asked_of is Respondent.OFFICE) == office

    def figure_of(self, *, office: bool) -> Figure:
        """Return the figure that is the denominator of an area (or of the office)."""
        return self.office_figure if office and self.asked_of is Respondent.BOTH else self.figure

    def text(self, language: str, *, office: bool = False) -> Text:
        """Return the texts in this language (else Vietnamese) for an area or for the office."""
        english = language == "en" and self.texts.en is not None
        text = self.texts.en if english and self.texts.en else self.texts.vi
        change = self.office_texts.en if english else self.office_texts.vi
        return change.over(text) if office and change else text

    @property
    def confirmable(self) -> bool:
        """Whether an officer's confirmation can be the verdict."""
        return self.roll_up in {RollUp.ANY, RollUp.ALL, RollUp.SHARE}


class CriteriaSet(_Part):
    """A complete criteria set, as it is stored in one file or with one round."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
    version: Annotated[int, Field(ge=1, strict=True)]
    title: Localised
    short_title: ShortTitle | None = None  # for buttons
    aim: Localised | None = None  # the title of a commune that meets every indicator
    parameters: Parameters
    groups: Annotated[tuple[IndicatorGroup, ...], Field(min_length=1)]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]

    def name(self, language: str) -> str:
        """Return the short title if there is one, else the title."""
        return (self.short_title or self.title).text(language)

    def indicator(self, code: str) -> Indicator:
        """Return the indicator with this code; raise KeyError when there is none."""
        for indicator in self.indicators:
            if indicator.code == code:
                return indicator
        raise KeyError(code)

    def asked_of(self, *, office: bool) -> tuple[Indicator, ...]:
        """Return the indicators that an area (or the office) is asked, in the order of the set."""
        return tuple(one for one in self.indicators if one.asks(office=office))

    def text_key(self, key: str) -> str:
        """Return `key`, with a suffix if the set asks only areas (`_only_areas`) or the office."""
        if not self.asked_of(office=True):
            return f"{key}_only_areas"
        return key if self.asked_of(office=False) else f"{key}_only_office"

    def __hash__(self) -> int:
        """Hash only the id and version, which is fast; equality still compares everything."""
        return hash((self.id, self.version))
