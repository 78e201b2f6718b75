"""The operator's desk: the communes as a table, and files about many of them."""
