"""The rights that routes declare, each with its name and a test of the person's roles.

The arguments of a route decide which commune, area or round a person may use.
"""

from collections.abc import Callable
from dataclasses import dataclass

from handlers.flow.context import Context


@dataclass(frozen=True, slots=True)
class Right:
    """A right: its name, and whether a person holds it at this moment."""

    name: str
    holds: Callable[[Context], bool]


EVERYBODY = Right("everybody", lambda _context: True)
REPORTER = Right("reporter", lambda context: context.holds("reporter"))
# People who fill in reports: reporters, and officers for the office or on an area's behalf.
WRITER = Right("writer", lambda context: context.holds("reporter") or bool(context.office_communes))
OFFICER = Right("officer", lambda context: bool(context.office_communes))
# People who read a commune's result: its officers and leaders, and operators.
READER = Right("reader", lambda context: bool(context.communes_read or context.operator))
OPERATOR = Right("operator", lambda context: context.operator)
OFFICER_OR_OPERATOR = Right(
    "officer or operator", lambda context: bool(context.office_communes or context.operator)
)
MEMBER = Right("member", lambda context: bool(context.memberships or context.operator))
