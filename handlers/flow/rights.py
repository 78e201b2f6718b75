"""The rights that routes declare: each with its name and the people who hold it.

A right is about roles only. The arguments of a route decide which commune, area or round somebody
may use.
"""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.flow.context import Context


@dataclass(frozen=True, slots=True)
class Right:
    """A right by its name, and who holds it at this moment."""

    name: str
    holds: Callable[[Context], bool]


EVERYBODY = Right("everybody", lambda _context: True)
REPORTER = Right("reporter", lambda context: context.holds("reporter"))
# Whoever fills in a report: reporters, and officers for the office or on an area's behalf.
WRITER = Right("writer", lambda context: context.holds("reporter") or bool(context.office_communes))
OFFICER = Right("officer", lambda context: bool(context.office_communes))
# Whoever reads a commune's result: officers and leaders of it, operators over it.
READER = Right("reader", lambda context: bool(context.communes_read or context.operator))
OPERATOR = Right("operator", lambda context: context.operator)
OFFICER_OR_OPERATOR = Right(
    "officer or operator", lambda context: bool(context.office_communes or context.operator)
)
MEMBER = Right("member", lambda context: bool(context.memberships or context.operator))
