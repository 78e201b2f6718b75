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
    from bot import messengers
    from bot.board import sign_in_limit
    from bot.board.http import forms
    from bot.file_sandbox import limits, pictures
    from bot.service import connections
    from bot.signed_urls import temporary_files
    from bot.zalo import client
    from handlers.flow import code_rate_limit
    from handlers.report import attachment_rules
    from handlers.roster import cells, receiving
    from storage.people import board_sessions

    page = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
    day, round_ = attachment_rules.OF_A_DAY, attachment_rules.OF_A_ROUND
    for said in (
        f"{attachment_rules.LARGEST >> 20} MB and {pictures.LARGEST_PHOTO // 1_000_000} megapixels",
        f"(JPEG; other pictures {pictures.LARGEST // 1_000_000})",
        f"{limits.MEMORY >> 20} MB and {limits.SECONDS} seconds",
        f"{day.pieces:,} pieces and {day.size // 1_000_000:,} MB a day",
        f"{round_.pieces:,} pieces and {round_.size // 1_000_000:,} MB in a round",
        f"less than {attachment_rules.LEAST_ROOM // 1_000_000:,} MB",
        f"{forms.LARGEST_FORM >> 10} kB in {connections.SECONDS_FOR_BODY:.0f} seconds",
        f"a workbook of at most {receiving.LARGEST >> 20} MB",
        f"more than {cells.MOST_LETTERS >> 20} million letters",
        f"a file has {messengers.SECONDS_FOR_A_FILE:.0f} seconds",
        f"an answer of Zalo {client.SECONDS_TO_CONNECT + client.SECONDS_TO_ANSWER:.0f}",
        f"{board_sessions.SESSION_LASTS.total_seconds() / 3600:.0f} hours; closing",
        f"over name and end; {temporary_files.VALID_FOR.total_seconds() / 60:.0f} minutes",
    ):
        assert said in page, said
    assert (sign_in_limit.MOST_IN_ALL, code_rate_limit.OF_ONE) == (50, 5)
    for said in ("after five wrong codes in an hour", "after fifty all are"):
        assert said in page
