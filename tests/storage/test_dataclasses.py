"""Values of storage cannot be changed by their users and accept no unknown fields."""

import importlib
import inspect
import pkgutil
from dataclasses import is_dataclass

import pytest

import storage

BUILT_UP = {"_ChatRequest", "_Marked"}  # not returned to callers


def dataclasses_of(package):
    for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if found.name.startswith("storage.migrations."):
            continue  # imported by Alembic
        module = importlib.import_module(found.name)
        for _, one in inspect.getmembers(module, inspect.isclass):
            if one.__module__ == module.__name__ and is_dataclass(one):
                yield one


@pytest.mark.parametrize("one", [*dataclasses_of(storage)], ids=lambda one: one.__name__)
def test_a_dataclass_is_frozen_and_has_slots(one):
    assert one.__dataclass_params__.frozen or one.__name__ in BUILT_UP
    assert "__slots__" in vars(one)
