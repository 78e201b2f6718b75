"""The result of one check; its own module, because check.py imports all modules that return it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What was checked, whether it is fine, and a text for the operator."""

    what: str
    ok: bool
    text: str
