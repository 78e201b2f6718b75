"""`status`: later."""

import click


@click.group()
def status() -> None:
    """Later."""
