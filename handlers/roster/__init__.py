"""The roster: a workbook of communes, areas, figures and roles, exported and imported."""
