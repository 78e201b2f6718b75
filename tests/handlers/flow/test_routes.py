"""The registry of routes: unique addresses, arguments loaded in order, addresses read back."""

from typing import Annotated

import pytest

from handlers import features  # noqa: F401 - they register their routes
from handlers.flow import routes
from handlers.flow.arguments import Number, Text
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY
from handlers.flow.routes import GONE, ROUTES, action, screen


def _doubled(loading):
    return loading.before["unit"] * 2 if loading.text else GONE


def show(_context, unit: Number, code: Text):
    return unit, code


def show_doubled(_context, unit: Number, code: Text, doubled: Annotated[int, _doubled]):
    return unit, code, doubled


def nothing(_context):
    return None


@pytest.fixture
def registry(monkeypatch):
    """An empty registry."""
    monkeypatch.setattr(routes, "ROUTES", {})


@pytest.fixture
def shown(registry):
    return screen("x", right=EVERYBODY)(show)


def test_a_duplicate_address_is_refused(shown):
    with pytest.raises(ValueError, match="'x' is registered twice"):
        action("x", right=EVERYBODY)(nothing)


def test_a_duplicate_among_several_addresses_is_refused(shown):
    with pytest.raises(ValueError, match="'x' is registered twice"):
        action("y", right=EVERYBODY, also=("x",))(nothing)


def test_an_address_is_read_as_it_was_written(shown):
    assert shown.load(None, shown.at(35, "HT1")) == {"unit": 35, "code": "HT1"}


def test_the_function_receives_the_arguments_by_name(shown):
    assert shown(None, **shown.load(None, shown.at(35, "HT1"))) == (35, "HT1")


def test_an_argument_without_a_resolver_is_refused(registry):
    def of_a_unit(_context, unit: int):
        return unit

    with pytest.raises(TypeError, match="of_a_unit: 'unit' needs Annotated"):
        screen("x", right=EVERYBODY)(of_a_unit)
    assert "x" not in routes.ROUTES


def test_a_handler_names_only_those_arguments_that_it_needs(shown):
    @shown.text
    def typed(_context, text, code: Text):
        return text, code

    assert shown.take_text(None, "tám", **shown.load(None, shown.at(35, "HT1"))) == ("tám", "HT1")


@pytest.mark.parametrize("register", ["text", "photo", "pressed"])
def test_an_argument_that_the_route_does_not_have_is_refused(shown, register):
    def typed(_context, _text, height: Number):
        return height

    def pressed(_context, height: Number):
        return height

    handler = pressed if register == "pressed" else typed
    with pytest.raises(ValueError, match="the route 'x' has no such argument 'height'"):
        getattr(shown, register)(handler)


def test_an_argument_with_another_resolver_than_the_route_has_is_refused(shown):
    def typed(_context, _text, unit: Text):
        return unit

    with pytest.raises(ValueError, match="the route 'x' has no such argument 'unit'"):
        shown.text(typed)


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
    route = screen("y", right=EVERYBODY)(show_doubled)
    assert route.load(None, Press("y", ("5", "HT1", "-")))["doubled"] == 10
    assert route.load(None, Press("y", ("5", "HT1"))) is None


def test_a_text_handler_belongs_to_a_screen():
    takes = {key for key, one in ROUTES.items() if one.take_text or one.take_photo}
    assert {key for key in takes if ROUTES[key].kind != "screen"} == set()
