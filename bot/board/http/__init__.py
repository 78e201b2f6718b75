"""HTTP requests and responses of the board: cookies, forms, templates, headers, error pages."""
