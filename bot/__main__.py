"""The entry point of the command line: `smart-commune`, also `python -m bot`."""

from bot.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
