"""The one mechanism between a messenger and the features: it knows no feature."""
