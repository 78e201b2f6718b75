"""The operator's desk: the table of communes, and files about many communes."""
