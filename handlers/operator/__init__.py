"""The screens of operators, who look after many communes."""
