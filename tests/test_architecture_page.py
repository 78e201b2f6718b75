"""docs/architecture.md, docs/glossary.md and README: each path and name on them exists."""

import re
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage", "criteria")
ARCHITECTURE = ROOT / "docs" / "architecture.md"
GLOSSARY = ROOT / "docs" / "glossary.md"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
QUOTED = re.compile(r"`([^`\n]+)`")
PATH = re.compile(r"(?:bot|handlers|storage|criteria|tests|docs|\.ci)/[\w./@-]*")
NAME = re.compile(r"(?:bot|handlers|storage|criteria|tests)(?:\.\w+)+")


def quoted(page, form):
    """The text in backquotes on a page that has this form."""
    return {one for one in QUOTED.findall(page.read_text("utf-8")) if form.fullmatch(one)}


def folders():
    """The folders with modules of the program, as the page writes them: "handlers/status/"."""
    packages = {file.parent for one in PACKAGES for file in (ROOT / one).rglob("*.py")}
    return {f"{folder.relative_to(ROOT)}/" for folder in packages}


def exists(name):
    """Whether a dotted name is a module of the program, or something in one."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        place = ROOT.joinpath(*parts[:length])
        if place.is_dir() or place.with_suffix(".py").is_file():
            found = import_module(".".join(parts[:length]))
            for part in parts[length:]:
                if not hasattr(found, part):
                    return False
                found = getattr(found, part)
            return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_path_on_the_page_exists(page):
    assert {one for one in quoted(page, PATH) if not (ROOT / one).exists()} == set()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_name_on_the_pages_exists(page):
    assert {one for one in quoted(page, NAME) if not exists(one)} == set()


def test_the_pages_name_paths_and_names():
    assert len(quoted(ARCHITECTURE, PATH)) > 50
    assert len(quoted(GLOSSARY, NAME)) > 50


def test_every_folder_with_modules_has_a_row():
    named = quoted(ARCHITECTURE, PATH) | {"storage/migrations/"}  # its versions have one
    assert folders() - named == set()


def test_no_folder_has_more_modules_than_one_can_look_over():
    full = {
        folder: count
        for folder in folders()
        - {"storage/migrations/versions/"}  # one for each step of the schema
        if (count := len({*(ROOT / folder).glob("*.py")} - {ROOT / folder / "__init__.py"})) > 14
    }
    assert full == {}


def test_every_file_in_the_picture_exists():
    picture = ARCHITECTURE.read_text("utf-8").split("```")[1]
    package, missing = "", []
    for line in picture.splitlines():
        words = line.strip("│ ").split()
        package = words[0] if words and words[0].strip("/") in PACKAGES else package
        named = [one.strip(",") for one in words if one != package]
        files = [one for one in named if one.endswith((".py", "/"))]
        missing += [one for one in files if not (ROOT / package / one).exists()]
    assert missing == []


def test_a_missing_name_is_noticed():
    assert exists("handlers.flow.page.ScreenBuilder")
    assert not exists("handlers.flow.page.Nothing")
    assert not exists("handlers.nothing")
