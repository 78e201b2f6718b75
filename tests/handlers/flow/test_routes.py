"""The registry of routes: unique addresses, arguments loaded in order, addresses read back."""

import pytest

from handlers import features  # noqa: F401 - they register their routes
from handlers.flow import routes
from handlers.flow.arguments import number, text
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import GONE, ROUTES, Arguments, NoArguments, action, argument, screen


class Thing(Arguments):
    unit: int = argument(number)
    code: str = argument(text)


class Within(Thing):
    doubled: object = argument(lambda one: one.before["unit"] * 2 if one.text else GONE)


@pytest.fixture
def registry(monkeypatch):
    """An empty registry."""
    monkeypatch.setattr(routes, "ROUTES", {})


@pytest.fixture
def shown(registry):
    return screen("x", Thing, right=EVERYBODY)(lambda _context, _at: None)


def test_a_duplicate_address_is_refused(shown):
    with pytest.raises(ValueError, match="'x' is registered twice"):
        action("x", NoArguments, right=EVERYBODY)(lambda _context, _at: None)


def test_a_duplicate_among_several_addresses_is_refused(shown):
    with pytest.raises(ValueError, match="'x' is registered twice"):
        action("y", NoArguments, right=EVERYBODY, also=("x",))(lambda _context, _at: None)


def test_an_address_is_read_as_it_was_written(shown):
    assert shown.load(None, shown.at(35, "HT1")) == Thing(35, "HT1")


def test_an_address_can_be_made_from_the_arguments_of_another(shown):
    assert shown.at(Thing(35, "HT1"), code="HT2") == Press("x", ("z", "HT2"))


def test_an_unknown_argument_is_refused(shown):
    with pytest.raises(ValueError, match="no such argument"):
        shown.at(1, "HT1", 5)
    with pytest.raises(ValueError, match="no such argument"):
        shown.at(height=5)


def test_an_address_has_the_page_of_a_list_after_its_arguments(shown):
    address = shown.at(35, "HT1", page=2)
    assert address == Press("x", ("z", "HT1", "2"))
    assert (shown.page_in(address), shown.page_in(shown.at(35, "HT1"))) == (2, 0)


def test_a_press_without_an_argument_leads_nowhere(shown):
    assert shown.load(None, Press("x")) is None
    assert shown.load(None, Press("x", ("?",))) is None


def test_a_resolver_gets_the_arguments_before_it(registry):
    route = screen("y", Within, right=EVERYBODY)(lambda _context, _at: None)
    assert route.load(None, Press("y", ("5", "HT1", "-"))).doubled == 10
    assert route.load(None, Press("y", ("5", "HT1"))) is None


def test_a_text_handler_belongs_to_a_screen():
    takes = {key for key, one in ROUTES.items() if one.take_text or one.take_photo}
    assert {key for key in takes if ROUTES[key].kind != "screen"} == set()
