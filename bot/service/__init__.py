"""The running program: start, jobs, web server, workers, clock."""
