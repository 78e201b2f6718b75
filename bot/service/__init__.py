"""The running program: start and stop, jobs, web server, workers, clock."""
