"""What a chair shows and a commune hands on: pictures, workbook, report, data, evidence.

Reading from the data is `material_of`; all else is a function of the `Material` that it gives.
"""
