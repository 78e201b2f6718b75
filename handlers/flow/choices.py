"""Buttons as numbered choices, for channels that have no buttons: the terminal and Zalo.

The conversation reads a choice by its number or by its words
(handlers/conversation/typed_buttons.py). Where a number is an answer, choices are words only.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from handlers.flow.asked_screen import AskedScreen
from handlers.flow.channel import Button, Screen

MOST_NUMBERS = 9  # a choice is typed as one figure


@dataclass(frozen=True, slots=True)
class Choice:
    """A button, and the number by which it is chosen, if it has one."""

    button: Button
    number: int | None = None


def choices(screen: Screen, asked: AskedScreen | None = None) -> Iterator[tuple[Choice, ...]]:
    """The rows of a screen; numbers count the buttons that do something here.

    `asked` is what the screen asks, by which a typed number is read; None: any number chooses.
    """
    number = 0
    for row in screen.rows:
        found = []
        for button in row:
            number += button.data is not None
            numbered = button.data is not None and number <= MOST_NUMBERS
            chosen = numbered and (asked is None or asked.numbered(number))
            found.append(Choice(button, number if chosen else None))
        yield tuple(found)
