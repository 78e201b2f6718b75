"""What the pages weigh, whom they name, and that two languages have all of them."""

import gzip
import re
from pathlib import Path

import pytest

from bot.board import pages
from bot.board.http.responses import STATIC
from bot.board.pages import PAGES, page_of
from handlers.flow.arguments import Text
from handlers.status.areas import one_area
from handlers.status.overview import whole_commune
from tests.bot.board.conftest import House, first_page, house_with

LARGEST = 150 * 1024  # bytes of a page with its style sheet and its script, as they are sent


@pytest.fixture
async def large(tmp_path, template):
    """A commune of 50 areas."""
    async with house_with(tmp_path, template, areas=50) as made:
        yield made


def links_of(answer):
    return dict.fromkeys(
        one.replace("&amp;", "&") for one in re.findall(r'href="(/bang/b/[^"#]+)', answer.text)
    )


async def test_no_page_of_a_commune_of_fifty_areas_is_too_heavy(large: House):
    browser = await large.enter("O")
    beside = sum(file.stat().st_size for file in STATIC.iterdir())
    first = await first_page(browser)
    weights = {}
    for path in (str(first.url.path), *links_of(first)):
        answer = await browser.get(f"https://xa.example.vn{path}", follow_redirects=True)
        assert answer.status_code == 200
        weights[path] = len(answer.content) + beside
    assert len(weights) > 20
    assert max(weights.values()) <= LARGEST, sorted(weights.items(), key=lambda one: -one[1])[:3]


async def test_every_page_stands_in_one_template_of_its_own_kind():
    folder = Path(STATIC).parent / "templates"
    assert {one.template for one in PAGES.values()} <= {file.name for file in folder.iterdir()}


def test_nothing_is_loaded_from_elsewhere():
    files = [*STATIC.iterdir(), *(STATIC.parent / "templates").iterdir()]
    for file in files:
        found = re.findall(r"https?://[\w.]+", file.read_text(encoding="utf-8"))
        assert set(found) <= {"http://www.w3.org"}, file.name  # the name of SVG, not an address


def test_the_script_is_small():
    script = (STATIC / "board.js").read_bytes()
    assert len(script.splitlines()) <= 160
    assert len(gzip.compress(script)) < 3000


def test_a_page_with_an_argument_that_its_address_does_not_have_is_refused():
    def map_of(_request, indicator: Text):
        return {"indicator": indicator}

    with pytest.raises(ValueError, match=r"the route 's\.full' has no such argument 'indicator'"):
        page_of(whole_commune, "map.html")(map_of)


def test_a_page_receives_only_those_arguments_that_it_names(monkeypatch):
    monkeypatch.setattr(pages, "PAGES", {})
    page_of(one_area, "area.html")(lambda _request: {})
    assert pages.PAGES["s.area"].function(None, status=1, unit=2) == {}
