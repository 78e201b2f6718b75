"""Tools to operate the program: check, metrics, logs, readiness, backups, the alarm."""
