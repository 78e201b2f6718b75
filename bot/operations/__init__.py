"""What whoever runs the program needs: check, metrics, logs, readiness, backups."""
