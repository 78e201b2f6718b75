import pytest

from criteria.definition import CriteriaSet
from criteria.sets.set_file import parse_criteria, shipped_text


@pytest.fixture(scope="session")
def letter() -> CriteriaSet:
    return parse_criteria(shipped_text("phu-tho-2024"), "phu-tho-2024.toml")
