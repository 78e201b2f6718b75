"""What a process loads: no heavy module before it is needed."""

import subprocess
import sys

import pytest

ON_USE = {"matplotlib", "numpy", "docx", "lxml", "xlsxwriter", "segno", "python_calamine", "PIL"}
# With a SQLite database of the present schema these are not needed either.
ELSEWHERE = {"alembic", "sqlalchemy.orm", "asyncpg", "openpyxl", "multipart", "aiohttp_socks"}
PROGRAM = {"telegram", "sqlalchemy", "aiohttp", "pydantic", "babel", "uvicorn", "apscheduler"}

RUN = """
import bot.cli.program.run, bot.operations.logs, bot.settings, bot.service.running
from handlers.conversation import dispatch
"""
HELP = """
import contextlib
from bot.cli import commands
with contextlib.suppress(SystemExit):
    commands(["--help"])
"""
STATUS = """
import asyncio, sys
from handlers.conversation import dispatch
from storage.engine.database import Database
async def main():
    async with Database("sqlite+aiosqlite:///" + sys.argv[1]) as database:
        await database.read(lambda tx: tx.exec_driver_sql("SELECT count(*) FROM rounds").scalar())
asyncio.run(main())
"""


def loaded(code, *arguments):
    """The modules of a new process that ran this code."""
    code += "\nimport sys; print('loaded:', *sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    return set(done.stdout.rpartition("loaded:")[2].split())


@pytest.mark.parametrize("code", [HELP, RUN], ids=["help", "run"])
def test_libraries_for_pictures_and_documents_are_loaded_on_first_use(code):
    assert loaded(code) & (ON_USE | ELSEWHERE) == set()


def test_help_loads_no_module_of_the_program():
    found = loaded(HELP)
    assert "click" in found
    assert found & PROGRAM == set()


def test_a_database_of_the_present_schema_is_opened_without_alembic(tmp_path):
    path = str(tmp_path / "smart.db")
    assert "alembic" in loaded(STATUS, path)  # the first start creates the tables
    assert loaded(STATUS, path) & (ON_USE | ELSEWHERE) == set()


def test_importing_the_dispatcher_registers_all_features():
    code = """
from handlers.conversation import dispatch
from handlers.flow.commands import COMMANDS
from handlers.flow.routes import ROUTES
import sys
sys.exit(not ({"duyet", "tinhhinh", "dem"} <= COMMANDS.keys() and len(ROUTES) > 100))
"""
    loaded(code.replace("sys.exit(", "assert not ("))
