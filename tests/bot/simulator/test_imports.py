"""The simulator is independent: errors in code shared with the program would be invisible."""

import ast
from pathlib import Path

import bot.simulator

OURS = {"bot", "handlers", "storage", "criteria"}


def imported(path):
    """The names of all modules that a file imports anywhere."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} has a relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_the_simulator_imports_no_other_module_of_the_program():
    files = list(Path(bot.simulator.__file__).parent.rglob("*.py"))
    assert len(files) > 20
    foreign = [
        f"{path.name}: {name}"
        for path in files
        for name in imported(path)
        if name.split(".")[0] in OURS and not name.startswith("bot.simulator")
    ]
    assert foreign == []
