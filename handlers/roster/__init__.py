"""The roster: a workbook of communes, areas, figures and roles, out and in again."""
