"""`make mutants`: makes many small changes to the code and counts how many the tests notice.

cosmic-ray (in its own environment) finds possible changes and makes them in a copy of the project.
 A fixed sample of the mutants of a package is tried with the tests of that package: first
the tests of the changed module, then the others, up to the first failure. Mutants without a
visible effect are listed in equivalent.toml with the reason; they are not counted.
"""

# ruff: noqa: T201 - it prints what it finds
import argparse
import json
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COSMIC_RAY = ROOT / ".venv-mutants" / "bin" / "cosmic-ray"
# The packages, and how many of their mutants the tests must notice at least.
PACKAGES = {"criteria": 0.90, "storage": 0.85}
LEFT_OUT = ("storage/migrations/",)  # data of the schema; the tests of migrations compare it
WITHOUT_SERVERS = "not postgres and not office"
SLOWER = 3  # times as long as unchanged code: the tests do not end
SECONDS_WITH_SERVERS = 900.0  # all of them, on a busy machine
SECONDS_TO_END = 10.0
OPERATORS = {
    "core/AddNot",
    "core/NumberReplacer",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ReplaceUnaryOperator_Delete_Not",
    "core/ReplaceUnaryOperator_USub_UAdd",
    *(f"core/ReplaceBinaryOperator_{one}" for one in ("Add_Sub", "Sub_Add", "Mul_FloorDiv")),
    *(
        f"core/ReplaceComparisonOperator_{one}"
        for one in (
            "Eq_NotEq", "NotEq_Eq", "Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_Gt", "GtE_LtE",
            "Is_IsNot", "IsNot_Is", "In_NotIn", "NotIn_In",
        )
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: its module, the operator of cosmic-ray, and its number."""

    module: str
    operator: str
    occurrence: int
    line: int


def mutants_of(package: str) -> list[Mutant]:
    """Give all mutants."""
    with tempfile.TemporaryDirectory() as folder:
        config, session = Path(folder) / "config.toml", Path(folder) / "session.sqlite"
        config.write_text(
            f"[cosmic-ray]\nmodule-path = '{package}'\ntimeout = 1\nexcluded-modules = []\n"
            'test-command = "true"\n[cosmic-ray.distributor]\nname = "local"\n'
        )
        subprocess.run([COSMIC_RAY, "init", config, session], cwd=ROOT, check=True)
        dumped = subprocess.run(
            [COSMIC_RAY, "dump", session], cwd=ROOT, check=True, capture_output=True, text=True
        )
    found = [json.loads(line)[0]["mutations"][0] for line in dumped.stdout.splitlines()]
    made = {
        Mutant(one["module_path"], one["operator_name"], one["occurrence"], one["start_pos"][0])
        for one in found
        if one["operator_name"] in OPERATORS and not one["module_path"].startswith(LEFT_OUT)
    }
    return sorted(made, key=lambda one: (one.module, one.line, one.operator, one.occurrence))


def copied(folder: Path) -> Path:
    """A copy of the project in which files can be changed."""
    target = folder / "project"
    left_out = shutil.ignore_patterns(".git", ".venv*", "__pycache__", ".*_cache", "data", "*.db")
    shutil.copytree(ROOT, target, ignore=left_out)
    return target


def change(mutant: Mutant, project: Path) -> str:
    """Change the copy; gives the changed line."""
    file = project / mutant.module
    before = file.read_text().splitlines()
    subprocess.run(
        [COSMIC_RAY, "apply", mutant.module, mutant.operator, str(mutant.occurrence)],
        cwd=project, check=True, capture_output=True,
    )  # fmt: skip
    after = file.read_text().splitlines()
    changed = [new for old, new in zip(before, after, strict=False) if old != new]
    return changed[0].strip() if changed else after[mutant.line - 1].strip()


def tests_of(package: str, module: str, project: Path) -> tuple[list[Path], list[Path]]:
    """Give the test files of the changed module, and the others of the package, the nearest first.

    Each file is named: of a folder and a file in it pytest 9 takes only the folder, in its own
    order.
    """
    every = sorted((project / "tests" / package).rglob("test_*.py"))
    changed = project / "tests" / module
    beside = [one for one in every if one.parent == changed.parent]
    own = [one for one in beside if one.stem.startswith(f"test_{changed.stem}")]
    near = [one for one in beside if one not in own]
    return own, [*near, *(one for one in every if one not in beside)]


def passes(
    tests: list[Path], project: Path, seconds: float | None = None, marks: str = WITHOUT_SERVERS
) -> bool:
    """Whether all of these tests pass within the given seconds."""
    if not tests:  # pytest would run all tests
        return True
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
    # Only the fixtures of the package: the common ones import the whole program.
    command += [f"--confcutdir=tests/{tests[0].relative_to(project / 'tests').parts[0]}"]
    command += ["-p", "tests.mutants.quick_examples", "--hypothesis-profile=quick"]
    command += ["-m", marks, *map(str, tests)]
    with subprocess.Popen(
        command, cwd=project, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as run:
        try:
            ended = run.wait(seconds)
        except subprocess.TimeoutExpired:
            _interrupt(run)
            return False
    return ended in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}


def _interrupt(run: "subprocess.Popen[bytes]") -> None:
    """End the tests in such a way that they stop their database servers, else by force."""
    run.send_signal(signal.SIGINT)
    try:
        run.wait(SECONDS_TO_END)
    except subprocess.TimeoutExpired:
        run.kill()


def tried(package: str, sample: list[Mutant]) -> list[tuple[Mutant, str, bool]]:
    """Each mutant with its changed line, and whether it was noticed."""
    with tempfile.TemporaryDirectory() as folder:
        project = copied(Path(folder))
        begun = time.monotonic()
        if not all(passes(some, project) for some in tests_of(package, package, project)):
            raise SystemExit(f"tests/{package} fails on unchanged code")
        seconds = SLOWER * (time.monotonic() - begun)
        print(f"tests/{package} takes {seconds / SLOWER:.0f} s", flush=True)

        def one(mutant: Mutant) -> tuple[Mutant, str, bool]:
            file = project / mutant.module
            kept = file.read_bytes()
            line = change(mutant, project)
            own, others = tests_of(package, mutant.module, project)
            seen = not is_equivalent(mutant, line) and not (
                passes([*own, *others], project, seconds)
                # Slow: only the tests of the module.
                and passes(own, project, SECONDS_WITH_SERVERS, "postgres")
            )
            file.write_bytes(kept)
            print("." if seen else f"\n{mutant.module}:{mutant.line}: {line}", end="", flush=True)
            return mutant, line, seen

        return [one(mutant) for mutant in sample]


def is_equivalent(mutant: Mutant, line: str) -> bool:
    """Whether nobody could notice it: the changed line, or a part of it, is listed."""
    found = (mutant.module, line)
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text())
    return any(
        one["line"] in line if one["module"] == "*" else (one["module"], one["line"]) == found
        for one in listed["mutant"]
    )


def main() -> int:
    """Try a sample of each package; return 1 if too few mutants of a package were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), help="criteria, storage")
    parser.add_argument("--count", type=int, default=60, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=1, help="another sample")
    parser.add_argument("--only", default="", help="mutants of modules whose path has this in it")
    given = parser.parse_args()
    few = False
    for package in given.packages:
        every = [one for one in mutants_of(package) if given.only in one.module]
        count = min(given.count, len(every))
        sample = random.Random(given.seed).sample(every, count)
        print(f"{package}: {count} of {len(every)} mutants, seed {given.seed}", flush=True)
        results = [
            seen for mutant, line, seen in tried(package, sample) if not is_equivalent(mutant, line)
        ]
        share = sum(results) / len(results) if results else 1.0
        print(
            f"\n{package}: {sum(results)} of {len(results)} noticed, {share:.0%}"
            f" (at least {PACKAGES[package]:.0%}); {count - len(results)} equivalent"
        )
        few = few or share < PACKAGES[package]
    return int(few)


if __name__ == "__main__":
    sys.exit(main())
