"""Resolvers of arguments that name nothing of anybody's: numbers, pages, words."""

from handlers.flow.routes import GONE, Loading, Resolver


def number(loading: Loading) -> object:
    """A number; gone without one."""
    found = loading.number
    return GONE if found is None else found


def optional_number(loading: Loading) -> int | None:
    """A number, or None."""
    return loading.number


def page_number(loading: Loading) -> int:
    """The page of a list, from 0."""
    return loading.number or 0


def text(loading: Loading) -> str:
    """The text as it stands, empty where the address carries none."""
    return loading.text


def one_of(*allowed: str) -> Resolver:
    """One of these texts; gone with any other."""

    def load(loading: Loading) -> object:
        return loading.text if loading.text in allowed else GONE

    return load
