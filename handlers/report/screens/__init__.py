"""The screens of a report: its questions, summary, table and receipt."""
