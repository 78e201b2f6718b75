"""The resource limits of the process that opens a file."""

from contextlib import suppress
from pathlib import Path

MEMORY = 512 * 1024 * 1024  # bytes of address space; Python and the libraries take 150 MB of it
SECONDS = 20  # of processor time


def limit_this_process() -> None:
    """Set the limits; if the machine runs out of memory, the kernel kills this process first.

    Windows has no such limits; there only the bot's timeout limits the child.
    """
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text("1000")
    with suppress(ImportError):
        _set_limits()


def _set_limits() -> None:
    import resource

    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),  # it can't write files; this doesn't limit pipes
        (resource.RLIMIT_CORE, 0),
    ):
        # The hard limit may be lower already, and only root could raise it.
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
