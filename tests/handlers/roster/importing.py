"""Reads a roster's workbook in this process, as the command line does in a child."""

from handlers.roster.cells import cells_of
from handlers.roster.planning import plan_records
from handlers.roster.reading import read_cells, refused_workbook
from handlers.roster.values import RefusedError


def read_workbook(path):
    try:
        return read_cells(cells_of(path.read_bytes()))
    except RefusedError as refused:
        return refused_workbook(refused.reason)


def plan_import(path, tx, now):
    return plan_records(read_workbook(path), tx, now)
