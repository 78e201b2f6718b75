"""Folders and files of another user: reported before anything is written there."""

import os

import pytest

from bot.operations import folders
from bot.operations.check.check import check_all
from bot.operations.folders import why_files_not_writable, why_not_as_root
from bot.service.exit_error import ExitError

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
OTHER = 12345


def test_another_user_may_write_where_the_permissions_allow_it(tmp_path, monkeypatch):
    monkeypatch.setattr(folders.os, "geteuid", lambda: OTHER)
    assert why_not_as_root(tmp_path) is None


def test_root_may_write_into_its_own_folders(monkeypatch):
    monkeypatch.setattr(folders.os, "geteuid", lambda: 0)
    assert why_not_as_root(folders.Path("/")) is None


@as_root
def test_root_does_not_write_into_the_folder_of_another_user(tmp_path):
    os.chown(tmp_path, OTHER, OTHER)
    why = why_not_as_root(tmp_path / "data" / "not there yet")
    assert why == f"{tmp_path} belongs to user {OTHER}; run this as that user, not as root"


@as_root
async def test_running_as_root_leaves_nothing_in_the_folder_of_another_user(deployment):
    folder = deployment.settings.data_dir
    folder.mkdir()
    os.chown(folder, OTHER, OTHER)
    with pytest.raises(ExitError, match="run this as that user"):
        async with deployment.running():
            pass
    assert list(folder.iterdir()) == []


@as_root
async def test_check_names_a_lock_that_root_left(deployment, tmp_path):
    async with deployment.running():
        pass
    for file in (tmp_path, *tmp_path.glob("bot.db*")):
        os.chown(file, OTHER, OTHER)
    lock = tmp_path / "bot.db.lock"
    os.chown(lock, 0, 0)
    found = next(one for one in await check_all(deployment.settings) if one.what == "database")
    assert not found.ok
    assert f"{lock} can't be written" in found.text
    assert f"it belongs to root, its folder to user {OTHER}" in found.text


def test_missing_files_are_not_a_problem(tmp_path):
    (tmp_path / "a").touch()
    assert why_files_not_writable([tmp_path / "a", tmp_path / "b"]) is None
