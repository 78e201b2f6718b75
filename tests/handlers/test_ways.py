"""The way of a change (text, button, …) is passed explicitly, never by a default."""

import ast
import importlib
import inspect
from pathlib import Path

import handlers

FOLDER = Path(handlers.__file__).parent


def storage_modules(tree):
    """The modules of storage that a file imports, by their names there."""
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "storage":
            for one in node.names:
                try:
                    found = importlib.import_module(f"{node.module}.{one.name}")
                except ImportError:  # a class or function
                    continue
                yield one.asname or one.name, found


def takes_way(module, name):
    function = getattr(module, name, None)
    return inspect.isfunction(function) and "way" in inspect.signature(function).parameters


def calls_of(tree, modules):
    """The calls of functions that store a way."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id in modules
            and takes_way(modules[node.func.value.id], node.func.attr)
        ):
            yield node, modules[node.func.value.id]


def test_every_use_case_passes_the_way_to_storage():
    silent, seen = [], 0
    for file in sorted(FOLDER.rglob("*.py")):
        tree = ast.parse(file.read_text(encoding="utf-8"))
        for node, module in calls_of(tree, dict(storage_modules(tree))):
            seen += 1
            signature = inspect.signature(getattr(module, node.func.attr))
            place = list(signature.parameters).index("way")
            by_name = any(
                one.arg == "way" or ast.unparse(one.value) == "context.authorship"
                for one in node.keywords
            )
            if not by_name and len(node.args) <= place:
                silent.append(f"{file.relative_to(FOLDER)}:{node.lineno} {node.func.attr}")
    assert seen > 30
    assert silent == []
