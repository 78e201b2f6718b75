"""docs/data-model.md names every table, and no table that isn't there."""

import re
from pathlib import Path

from storage.tables import metadata

PAGE = (Path(__file__).parents[2] / "docs" / "data-model.md").read_text(encoding="utf-8")


def test_the_page_lists_every_table_once_and_no_other():
    named = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(metadata.tables)
