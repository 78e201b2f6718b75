"""The roster: a workbook of communes, areas, figures and roles, out and in again."""

from handlers.roster.applying import Applied, apply
from handlers.roster.plan import Change, Plan
from handlers.roster.planning import plan_import, plan_records
from handlers.roster.reading import (
    Problems,
    Progress,
    Records,
    read_cells,
    read_workbook,
    refused_workbook,
)
from handlers.roster.values import Problem, Reason, RefusedError
from handlers.roster.writing import export_roster, write_template

__all__ = [
    "Applied",
    "Change",
    "Plan",
    "Problem",
    "Problems",
    "Progress",
    "Reason",
    "Records",
    "RefusedError",
    "apply",
    "export_roster",
    "plan_import",
    "plan_records",
    "read_cells",
    "read_workbook",
    "refused_workbook",
    "write_template",
]
