"""The verdict of a yes/no indicator is shown with its rule: on screens, in files, in pictures."""

from dataclasses import replace
from fractions import Fraction

import docx
import pytest

from criteria.definition import RollUp
from criteria.scoring import score
from handlers.exports.report import write_report
from handlers.kinds.base import presentation_of
from handlers.texts import texts_of

RULES = [
    (RollUp.ANY, None, "ít nhất 1 khu", "at least 1 area"),
    (RollUp.ALL, None, "tất cả các khu", "all areas"),
    (RollUp.SHARE, Fraction(4, 5), "≥ 80 % số khu", "≥ 80% of the areas"),
    (RollUp.SHARE, Fraction(2, 3), "≥ 2/3 số khu", "≥ 2/3 of the areas"),
]


def ruled(material, roll_up, share):
    """The material with CQ3 judged by this rule."""
    status = material.status
    rule = f'roll_up = "{roll_up.value}"' + (f'\nshare = "{share}"' if share is not None else "")
    before, indicator, after = status.round.criteria.partition('code = "CQ3"')
    text = before + indicator + after.replace('roll_up = "all"', rule, 1)
    status = replace(status, round=replace(status.round, criteria=text))
    return replace(material, status=replace(status, result=score(status.criteria, status.facts)))


@pytest.mark.parametrize(("roll_up", "share", "vi", "en"), RULES)
def test_the_rule_is_shown_beside_the_counts(material, tmp_path, roll_up, share, vi, en):
    changed = ruled(material, roll_up, share)
    one = changed.status.result.indicator("CQ3")
    shown = presentation_of(one.kind)
    for language, rule in (("vi", vi), ("en", en)):
        texts = texts_of(language)
        assert shown.required(one, texts).replace("\u00a0", " ") == rule
        for said in (
            shown.status_text(changed.status, one, texts),
            shown.picture_figure(changed.status, one, texts),
        ):
            assert f" {rule})" in said.replace("\u00a0", " ")
    write_report(changed, texts_of("vi"), tmp_path / "a.docx")
    cells = [
        cell.text.replace("\u00a0", " ")
        for table in docx.Document(str(tmp_path / "a.docx")).tables
        for row in table.rows
        for cell in row.cells
    ]
    assert vi in cells


def test_an_indicator_of_the_office_alone_has_no_rule(material):
    one = material.status.result.indicator("CQ2")
    assert presentation_of(one.kind).required(one, texts_of("vi")) == "Có"
    assert presentation_of(one.kind).status_text(material.status, one, texts_of("vi")) == "có"
