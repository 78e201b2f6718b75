"""docs/security.md: every test on it exists, and every row names a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
ROWS = [
    line
    for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| who |")
]
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")


def test_every_row_names_a_test_that_exists():
    assert len(ROWS) > 15
    for row in ROWS:
        named = NAMED.findall(row)
        assert named, row
        for file, name in named:
            source = (ROOT / file).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {name}\(", source, re.MULTILINE), (file, name)


def test_the_page_and_the_program_agree_on_the_limits():
    from bot.opening import limits, pictures
    from handlers.report import attachment_rules

    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    day, round_ = attachment_rules.OF_A_DAY, attachment_rules.OF_A_ROUND
    for said in (
        f"{attachment_rules.LARGEST >> 20} MB and {pictures.LARGEST_PHOTO // 1_000_000} megapixels",
        f"(JPEG; other pictures {pictures.LARGEST // 1_000_000})",
        f"{limits.MEMORY >> 20} MB and {limits.SECONDS} seconds",
        f"{day.pieces:,} pieces and {day.size // 1_000_000:,} MB a day",
        f"{round_.pieces:,} pieces and {round_.size // 1_000_000:,} MB in a round",
        f"less than {attachment_rules.LEAST_ROOM // 1_000_000:,} MB",
    ):
        assert said in page
