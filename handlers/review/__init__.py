"""The office's review of reports: accept, return, correct, settle totals, enter on behalf."""
