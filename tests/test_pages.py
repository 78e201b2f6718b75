"""README and docs: every link has a target; docs/channels.md names all parts of the interface."""

import re
from dataclasses import fields
from pathlib import Path
from typing import get_args

import pytest

from handlers.flow.channel import IncomingKind, Reply, Shown

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]*)(?:#[\w-]+)?\)|src=\"([^\"]+)\"")
CHANNELS = (ROOT / "docs" / "channels.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_file(page):
    found = ["".join(one) for one in LINK.findall(page.read_text(encoding="utf-8"))]
    here = [one for one in found if one and "://" not in one]
    assert [one for one in here if not (page.parent / one).exists()] == []


def test_every_kind_of_incoming_is_named():
    assert {kind for kind in get_args(IncomingKind) if f"`{kind}`" not in CHANNELS} == set()


def test_every_field_of_a_reply_is_named():
    names = {one.name for part in (Shown, Reply) for one in fields(part)}
    told = names - {"screen", "shown", "person", "revision"}  # every channel has these anyway
    assert {name for name in told if f"`{name}`" not in CHANNELS} == set()


@pytest.mark.parametrize("page", [ROOT / "README.md", ROOT / "docs" / "guides" / "cai-dat.md"])
def test_commands_write_below_data(page):
    """Rosters and joining codes must not be written into a checkout."""
    text = page.read_text(encoding="utf-8")
    lines = [line.partition("#")[0] for line in text.splitlines() if "smart-commune " in line]
    files = re.findall(r"(\S+\.(?:xlsx|docx|png|tar|csv|json|zip))\b", "\n".join(lines))
    assert len(files) > 4
    assert [one for one in files if not one.startswith("data/")] == []
