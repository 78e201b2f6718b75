"""The command line as a person uses it: with its own database and without outside settings."""

import asyncio
import json
import shutil

import pytest
from click.testing import CliRunner

from bot.cli import commands
from bot.sample import make_sample
from bot.service.clock import Clock
from bot.settings import Settings
from storage.engine.database import Database
from tests.template import filled


class Shell:
    """Runs commands and keeps the output of the last one."""

    def __init__(self, url):
        self.url = url

    def run(self, *words, code=0, typed=None):
        result = CliRunner().invoke(commands, [str(w) for w in words], input=typed)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        assert "Traceback" not in result.output
        return result.stdout if code == 0 else result.stderr

    def json(self, *words):
        return json.loads(self.run(*words, "--json"))

    def write(self, work):
        async def once():
            async with Database(self.url) as database:
                return await database.write(work)

        return asyncio.run(once())


@pytest.fixture
def shell(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    url = f"sqlite+aiosqlite:///{tmp_path}/commune.db"
    monkeypatch.setenv("DATABASE_URL", url)
    return Shell(url)


@pytest.fixture(scope="session")
def sample_of_today(tmp_path_factory, template):
    """A database with the sample commune, and the sample; tests copy the file."""
    file, zone = tmp_path_factory.mktemp("sample") / "bot.db", Settings(_env_file=None).timezone
    return file, filled(template, file, lambda tx: make_sample(tx, Clock().now(), zone))


@pytest.fixture
def sample(shell, sample_of_today, tmp_path):
    file, made = sample_of_today
    shutil.copyfile(file, tmp_path / "commune.db")
    return made
