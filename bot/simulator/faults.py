"""Fault injection: errors, delays, lost answers, broken connections."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Fault:
    """A fault of the next `times` calls of `method` (None: of any method but getUpdates).

    The fields apply in this order. The first `skip` calls succeed. A later call waits `delay`
    seconds. `reset` drops the connection and nothing is done. `code` answers an error and nothing
    is done. With `lost` the call is done, but its answer is `code`'s error or a broken connection.
    With `page` it is done, and the answer is an HTML page with status `page`, as from a proxy.
    `error` (in process only) is raised instead of the broken connection, so a test can choose the
    client's error.
    """

    method: str | None = None
    times: int = 1
    skip: int = 0
    code: int | None = None
    description: str = "Internal Server Error"
    retry_after: int | None = None
    delay: float = 0.0
    lost: bool = False
    reset: bool = False
    page: int | None = None
    error: Callable[[], Exception] | None = None

    def described(self) -> dict[str, Any]:
        """Return the fault as JSON."""
        return {name: value for name, value in asdict(self).items() if name != "error"}


class Faults:
    """The pending faults, in the order in which they were added."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Add a fault."""
        self._faults.append(fault)

    def clear(self) -> None:
        """Remove all faults."""
        self._faults.clear()

    def take(self, method: str) -> Fault | None:
        """Return the fault of this call and count it down; None without a fault."""
        for fault in self._faults:
            if fault.method != method and (fault.method is not None or method == "getUpdates"):
                continue
            if fault.skip:
                fault.skip -= 1
                return None
            fault.times -= 1
            if fault.times <= 0:
                self._faults.remove(fault)
            return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        """Return the pending faults as JSON."""
        return [fault.described() for fault in self._faults]
