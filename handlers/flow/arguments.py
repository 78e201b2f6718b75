"""Resolvers of arguments: numbers, pages and words, and how a thing of somebody's is looked up."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, TypeVar

from sqlalchemy import Connection

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading, Resolver, as_text

T = TypeVar("T")


def optional_day(loading: Loading) -> date | None:
    """Return a day; None for a text that is none."""
    try:
        return date.fromordinal(loading.number) if loading.number else None
    except (ValueError, OverflowError):
        return None


Number = Annotated[int, lambda it: GONE if (found := it.number) is None else found]
OptionalNumber = Annotated[int | None, lambda it: it.number]
NumberOrZero = Annotated[int, lambda it: it.number or 0]
Day = Annotated[date, lambda it: optional_day(it) or GONE]
OptionalDay = Annotated[date | None, optional_day]
Checksum = OptionalNumber  # of what was shown
Text = Annotated[str, lambda it: it.text]  # empty where the address has none


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
