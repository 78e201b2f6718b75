"""The program: settings, command line, messengers, board, operation, simulator."""

__version__ = "0.1.0"
