"""The running program: start and stop, scheduled jobs, web server, workers, clock."""
