"""What the process that opens a file may use."""

import resource
from contextlib import suppress
from pathlib import Path

MEMORY = 512 * 1024 * 1024  # bytes of address space; Python and the libraries take 150 MB of it
SECONDS = 20  # of processor time


def limit_myself() -> None:
    """Limit this process for good; when the machine runs out of memory it is the one to go."""
    with suppress(OSError):  # Linux only
        Path("/proc/self/oom_score_adj").write_text("1000")
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))
