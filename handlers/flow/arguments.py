"""Resolvers of arguments: numbers, pages and words, and how a thing of somebody's is looked up."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, TypeVar

from sqlalchemy import Connection

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading, Resolver, as_text

T = TypeVar("T")


def number(loading: Loading) -> object:
    """A number; gone without one."""
    found = loading.number
    return GONE if found is None else found


def optional_number(loading: Loading) -> int | None:
    """A number, or None."""
    return loading.number


def number_or_zero(loading: Loading) -> int:
    """A number; 0 without one."""
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


Number = Annotated[int, number]
OptionalNumber = Annotated[int | None, optional_number]
NumberOrZero = Annotated[int, number_or_zero]
Day = Annotated[date, day]
OptionalDay = Annotated[date | None, optional_day]
Text = Annotated[str, text]


def one_of(*allowed: str) -> Resolver:
    """One of these texts; gone with any other."""
    return one_among(lambda _: allowed)


def one_among(things: Callable[[Loading], Iterable[Any]]) -> Resolver:
    """The one of these things that stands in the address, by its id or code; else gone."""

    def load(loading: Loading) -> object:
        return next((one for one in things(loading) if as_text(one) == loading.text), GONE)

    return load


def by_id(
    find: Callable[[Connection, int], T | None], may: Callable[[Context, T], bool]
) -> Resolver:
    """What is found by an id; gone when there is nothing, or the person may not have it."""

    def load(loading: Loading) -> object:
        number = loading.number
        found = find(loading.context.tx, number) if number is not None else None
        return found if found is not None and may(loading.context, found) else GONE

    return load


def only(load: Resolver, may: Callable[[Context, Any], bool]) -> Resolver:
    """What another resolver gives; gone when it isn't one of these."""

    def narrower(loading: Loading) -> object:
        found = load(loading)
        return found if found is not GONE and may(loading.context, found) else GONE

    return narrower
