"""What a report looks like: its questions, summary and receipt."""
