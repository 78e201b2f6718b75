"""Requests and answers of the board: cookies, forms, templates, headers, what a failure shows."""
