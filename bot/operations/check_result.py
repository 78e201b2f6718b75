"""What `check` says about one thing that it looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One thing that was looked at."""

    what: str
    ok: bool
    text: str
