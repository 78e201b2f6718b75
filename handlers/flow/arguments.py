"""Resolvers of arguments that name nothing of anybody's: numbers, pages, words."""

from datetime import date

from handlers.flow.routes import GONE, Arguments, Loading, Resolver, argument


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


def optional_day(loading: Loading) -> date | None:
    """A day, or None for what is none."""
    try:
        return date.fromordinal(loading.number) if loading.number else None
    except (ValueError, OverflowError):
        return None


def day(loading: Loading) -> object:
    """A day; gone without one."""
    return optional_day(loading) or GONE


def text(loading: Loading) -> str:
    """The text as it stands, empty where the address carries none."""
    return loading.text


def one_of(*allowed: str) -> Resolver:
    """One of these texts; gone with any other."""

    def load(loading: Loading) -> object:
        return loading.text if loading.text in allowed else GONE

    return load


class OfPage(Arguments):
    """A page of a list that is the person's own."""

    page: int = argument(page_number)
