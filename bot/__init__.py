"""The running program: settings, command line, Telegram, other channels, the simulator."""

__version__ = "0.1.0"
