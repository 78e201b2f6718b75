"""The operator's work over many communes, from the telephone."""
