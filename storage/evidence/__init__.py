"""Evidence for answers: rows in the database, files in DATA_DIR."""
