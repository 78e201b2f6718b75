"""`invite`: later."""

import click


@click.group()
def invite() -> None:
    """Later."""
