"""`round`: later."""

import click


@click.group("round")
def round_() -> None:
    """Later."""
