"""docs/operations.md explains every metric and reason of /readyz; its systemd units are valid."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.operations import readiness
from bot.operations.metrics import Metrics
from bot.service.workers import conflict_monitor
from bot.telegram import polling, webhook_watch

DOCS = Path(__file__).parents[1] / "docs"
PAGE = (DOCS / "operations.md").read_text(encoding="utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| `")]


def known():
    """The metrics by the names that Prometheus sees."""
    names = {}
    for family in Metrics().registry.collect():
        end = "_total" if family.type == "counter" else ""
        names[family.name + end] = family
    return names


def test_every_metric_has_a_row_and_every_row_a_metric():
    firsts = [line.split("|")[1] for line in ROWS]
    told = [
        name for first in firsts for name in re.findall(r"`((?:smart_commune|process)_\w+)`", first)
    ]
    assert sorted(told) == sorted(known())


def test_everything_that_the_page_names_exists():
    names = set(known())
    for name in re.findall(r"\b(?:smart_commune|process)_[a-z_]+", PAGE):
        assert re.sub(r"_(bucket|sum|count)$", "", name) in names | {"smart_commune"}, name


def test_every_label_value_is_explained():
    for name, family in known().items():
        row = next(line for line in ROWS if f"`{name}`" in line.split("|")[1])
        for sample in family.samples:
            for label, one in sample.labels.items():
                assert label == "le" or {f"`{label}`", f"`{one}`"} <= set(
                    re.findall(r"`[^`]+`", row)
                )


def test_every_outcome_of_a_call_is_explained():
    import inspect

    from bot.telegram.limiter import outcome_of

    row = next(line for line in ROWS if "smart_commune_telegram_calls_total" in line)
    outcomes = re.findall(r'"(\w+)"', inspect.getsource(outcome_of))
    assert len(outcomes) > 8
    assert {one for one in outcomes if f"`{one}`" not in row} == set()


def test_every_reason_of_readyz_is_explained():
    """The page has the words of each reason, apart from its figures."""
    for module in (conflict_monitor, polling, readiness, webhook_watch):
        source = Path(module.__file__).read_text(encoding="utf-8")
        reasons = re.findall(r'return f?"((?:[a-zA-Z]|\{)[^"]{8,})"', source)
        assert reasons
        for one in reasons:
            pieces = [piece.strip(" :") for piece in re.split(r"\{[^}]*\}(?:\[:\d+\])?|: ?$", one)]
            missing = [piece for piece in pieces if len(piece) > 4 and piece not in PAGE]
            assert missing == [], one


def test_every_part_of_readyz_is_explained():
    import inspect

    parts = re.findall(r'"(\w+)": ', inspect.getsource(readiness.Readiness.look))
    assert len(parts) > 2
    figure = next(line for line in ROWS if "`smart_commune_ready`" in line)
    assert {one for one in parts if f"`{one}`" not in figure} == set()
    assert {one for one in parts if f"\n| `{one}` |" not in PAGE} == set()


UNITS = ("smart-commune.service", "smart-commune@.service")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd-analyze")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_accepts_the_unit_file(tmp_path, name):
    unit = tmp_path / name.replace("@", "@8081")
    text = (DOCS / name).read_text(encoding="utf-8")
    unit.write_text(text.replace("/opt/smart-commune/.venv/bin/python", sys.executable))
    done = subprocess.run(
        ["systemd-analyze", "verify", str(unit)],
        check=False,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_of_workers_has_the_same_restrictions_as_that_of_a_single_bot():
    single, worker = ((DOCS / name).read_text(encoding="utf-8") for name in UNITS)
    apart = ("RestartSec=", "Environment=LISTEN=")

    def directives(unit):
        body = unit.partition("[Service]")[2].partition("[Install]")[0]
        lines = [line for line in body.splitlines() if line and not line.startswith("#")]
        return [line for line in lines if not line.startswith(apart)]

    assert directives(worker) == directives(single)
