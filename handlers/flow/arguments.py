"""Resolvers of arguments: numbers, days, texts, and objects that are found by their id."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, TypeVar

from sqlalchemy import Connection

from handlers.flow.context import Context
from handlers.flow.routes import GONE, Loading, Resolver, as_text

T = TypeVar("T")


def optional_day(loading: Loading) -> date | None:
    """Return the day of an ordinal number; None for any other text."""
    try:
        return date.fromordinal(loading.number) if loading.number else None
    except (ValueError, OverflowError):
        return None


Number = Annotated[int, lambda it: GONE if (found := it.number) is None else found]
OptionalNumber = Annotated[int | None, lambda it: it.number]
NumberOrZero = Annotated[int, lambda it: it.number or 0]
Day = Annotated[date, lambda it: optional_day(it) or GONE]
OptionalDay = Annotated[date | None, optional_day]
Checksum = OptionalNumber  # of the shown text
Text = Annotated[str, lambda it: it.text]  # empty where the address has none


def one_of(*allowed: str) -> Resolver:
    """Return a resolver that accepts one of these texts."""
    return one_among(lambda _: allowed)


def one_among(things: Callable[[Loading], Iterable[Any]]) -> Resolver:
    """Return a resolver that finds one of these things by its id or code."""

    def load(loading: Loading) -> object:
        return next((one for one in things(loading) if as_text(one) == loading.text), GONE)

    return load


def by_id(
    find: Callable[[Connection, int], T | None], may: Callable[[Context, T], bool]
) -> Resolver:
    """Return a resolver that finds a thing by its id; GONE if the person may not use it."""

    def load(loading: Loading) -> object:
        number = loading.number
        found = find(loading.context.tx, number) if number is not None else None
        return found if found is not None and may(loading.context, found) else GONE

    return load


def only(load: Resolver, may: Callable[[Context, Any], bool]) -> Resolver:
    """Return a resolver that accepts the value of `load` only if `may` allows it."""

    def restricted(loading: Loading) -> object:
        found = load(loading)
        return found if found is not GONE and may(loading.context, found) else GONE

    return restricted
