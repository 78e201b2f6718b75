"""What a chair shows and a commune hands on: pictures, workbook, report, data, evidence.

Reading from the data is in `loading`; all else is a function of the `Material` that it gives.
"""
