"""Reads a roster's workbook in this process, as the command line does in a child."""

from handlers.roster.cell_values import RefusedError
from handlers.roster.cells import cells_of
from handlers.roster.planning import plan_records
from handlers.roster.rows import read_cells, refused_workbook


def read_workbook(path):
    try:
        return read_cells(cells_of(path.read_bytes()))
    except RefusedError as refused:
        return refused_workbook(refused.reason)


def plan_import(path, tx, now):
    return plan_records(read_workbook(path), tx, now)
