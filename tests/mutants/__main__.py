"""`make mutants`: changes the code a little, again and again, and counts how often its tests notice.

cosmic-ray (in an environment of its own) finds what can be changed and changes it, in a copy of the
project. A fixed sample of a package's mutants is tried, each against that package's own tests alone;
the tests of the changed module come first. Mutants that change nothing that anybody could see stand
in equivalent.toml with the reason; they are left out of the count.
"""

# ruff: noqa: T201 - it prints what it finds
import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

ROOT = Path(__file__).parents[2]
COSMIC_RAY = ROOT / ".venv-mutants" / "bin" / "cosmic-ray"
SECONDS = 300  # for the tests of one mutant
# What is changed, and how many of its mutants at least must be noticed.
PACKAGES: dict[str, tuple[list[str], float]] = {
    "criteria": (
        [
            "criteria/scoring", "criteria/checks.py", "criteria/reminders.py",
            "criteria/schedule.py", "criteria/dates.py", "criteria/percent.py",
            "criteria/definition.py",
        ],
        0.90,
    ),
    "storage": (["storage"], 0.85),
}  # fmt: skip
LEFT_OUT = ("storage/migrations/",)  # data of the schema; the tests of migrations compare it
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
    """One change: of which module, by which of cosmic-ray's operators, the how manieth."""

    module: str
    operator: str
    occurrence: int
    line: int


def mutants_of(package: str) -> list[Mutant]:
    """All that there are."""
    with tempfile.TemporaryDirectory() as folder:
        config, session = Path(folder) / "config.toml", Path(folder) / "session.sqlite"
        modules = json.dumps(PACKAGES[package][0])
        config.write_text(
            f"[cosmic-ray]\nmodule-path = {modules}\ntimeout = 1\nexcluded-modules = []\n"
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
    """Change the copy; gives the line as it is now."""
    file = project / mutant.module
    before = file.read_text().splitlines()
    subprocess.run(
        [COSMIC_RAY, "apply", mutant.module, mutant.operator, str(mutant.occurrence)],
        cwd=project, check=True, capture_output=True,
    )  # fmt: skip
    after = file.read_text().splitlines()
    changed = [new for old, new in zip(before, after, strict=False) if old != new]
    return changed[0].strip() if changed else after[mutant.line - 1].strip()


def noticed(mutant: Mutant, package: str, project: Path) -> bool:
    """Whether the package's own tests fail on the changed copy."""
    own = sorted((project / "tests" / package).rglob(f"test_{Path(mutant.module).stem}*.py"))
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m"]
    command += ["not postgres and not office", *map(str, own), f"tests/{package}"]
    try:
        done = subprocess.run(
            command, cwd=project, timeout=SECONDS, capture_output=True, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return done.returncode != 0


def tried(package: str, sample: list[Mutant], jobs: int) -> list[tuple[Mutant, str, bool]]:
    """Each mutant with its changed line, and whether it was noticed."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        projects: Queue[Path] = Queue()
        for number in range(jobs):
            (Path(folder) / str(number)).mkdir()
            projects.put(copied(Path(folder) / str(number)))

        def one(mutant: Mutant) -> tuple[Mutant, str, bool]:
            project = projects.get()
            kept = (project / mutant.module).read_bytes()
            try:
                line = change(mutant, project)
                seen = noticed(mutant, package, project)
            finally:
                (project / mutant.module).write_bytes(kept)
                projects.put(project)
            print("." if seen else f"\n{mutant.module}:{mutant.line}: {line}", end="", flush=True)
            return mutant, line, seen

        return list(pool.map(one, sample))


def equivalent() -> set[tuple[str, str]]:
    """The module and the changed line of each mutant that nobody could notice."""
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text())
    return {(one["module"], one["line"]) for one in listed["mutant"]}


def main() -> int:
    """Try a sample of each package; 1 when too few of one were noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("packages", nargs="*", default=list(PACKAGES), help="criteria, storage")
    parser.add_argument("--count", type=int, default=60, help="mutants of each package")
    parser.add_argument("--seed", type=int, default=1, help="another sample")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="", help="mutants of modules whose path has this in it")
    given = parser.parse_args()
    few = False
    for package in given.packages:
        every = [one for one in mutants_of(package) if given.only in one.module]
        count = min(given.count, len(every))
        sample = random.Random(given.seed).sample(every, count)
        print(f"{package}: {count} of {len(every)} mutants", flush=True)
        known = equivalent()
        results = [
            one
            for one in tried(package, sample, given.jobs)
            if (one[0].module, one[1]) not in known
        ]
        killed, least = sum(seen for _, _, seen in results), PACKAGES[package][1]
        share = killed / len(results) if results else 1.0
        print(
            f"\n{package}: {killed} of {len(results)} noticed, {share:.0%} (at least {least:.0%})"
        )
        few = few or share < least
    return int(few)


if __name__ == "__main__":
    sys.exit(main())
