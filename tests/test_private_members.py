"""No private member of a library is used, except two of aiosqlite in one module."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("bot", "handlers", "storage", "criteria")
MODULES = {
    file.relative_to(ROOT): ast.parse(file.read_text(encoding="utf-8"))
    for package in PACKAGES
    for file in sorted((ROOT / package).rglob("*.py"))
}
CONFINED = {
    Path("storage/engine/sqlite.py"): {"_execute", "_thread"}
}  # tests/storage/engine/test_sqlite.py


def is_private(name):
    return name.startswith("_") and not name.endswith("__")


def imported(tree):
    """Give the private modules and names that are imported from libraries."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [part for one in node.names for part in one.name.split(".")]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module.split(".")[0] in PACKAGES:
                continue
            names = [*node.module.split("."), *(one.name for one in node.names)]
        else:
            continue
        yield from filter(is_private, names)


def own_names(of):
    """Give the private names that a class defines (with its bases here), and those it reads."""
    defined, read = set(), set()
    for node in ast.walk(of):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                defined.add(node.name)
            case ast.Name(ctx=ast.Store()):
                defined.add(node.id)
            case ast.Attribute(value=ast.Name(id="self" | "cls")) if is_private(node.attr):
                (defined if isinstance(node.ctx, ast.Store) else read).add(node.attr)
    for base in of.bases:
        name = ast.unparse(base).partition("[")[0].rpartition(".")[2]
        for one in CLASSES.get(name, ()):
            if one is not of:
                defined |= own_names(one)[0]
    return defined, read


CLASSES = {}
for _tree in MODULES.values():
    for _node in ast.walk(_tree):
        if isinstance(_node, ast.ClassDef):
            CLASSES.setdefault(_node.name, []).append(_node)


def inherited(tree):
    """Give the private names that classes read and that no class of the program defines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            defined, read = own_names(node)
            yield from read - defined


def test_no_private_member_of_a_library_is_used():
    found = {file: {*imported(tree), *inherited(tree)} for file, tree in MODULES.items()}
    assert {file: names for file, names in found.items() if names} == CONFINED
    # ruff (SLF001) refuses all other uses of private members unless a comment allows them.
    assert not [one for one in MODULES if "SLF001" in (ROOT / one).read_text(encoding="utf-8")]


def test_private_members_of_aiosqlite_stay_in_one_module():
    found = {
        file
        for file, tree in MODULES.items()
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and node.module == "aiosqlite")
        or (isinstance(node, ast.Import) and any(one.name == "aiosqlite" for one in node.names))
    }
    assert found == set(CONFINED)
