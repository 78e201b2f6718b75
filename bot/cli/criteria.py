"""`criteria`: the criteria sets, and how replies are read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.session import print_json

if TYPE_CHECKING:
    from criteria.definition import CriteriaSet
    from criteria.reading.outcome import Reading

KINDS = ("ratio", "count", "yes_no")


@click.group()
def criteria() -> None:
    """Criteria sets: what is asked, and how replies are read."""


@criteria.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """The sets that ship with the program."""
    sets = [_shipped(name) for name in _ids()]
    if as_json:
        print_json(
            [
                {"id": s.id, "version": s.version, "title": s.title.vi,
                 "indicators": len(s.indicators)}
                for s in sets
            ]
        )  # fmt: skip
        return
    for each in sets:
        click.echo(f"{each.id}  {each.title.vi} ({len(each.indicators)} indicators)")


@criteria.command()
@click.argument("set_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(set_id: str, as_json: bool) -> None:
    """One set: its indicators, thresholds and who is asked."""
    if set_id not in _ids():
        raise Failure(f"There is no criteria set {set_id!r}; there is {', '.join(_ids())}.")
    chosen = _shipped(set_id)
    if as_json:
        print_json(chosen.model_dump(mode="json"))
        return
    click.echo(f"{chosen.id}, version {chosen.version}: {chosen.title.vi}")
    for line in _lines(chosen):
        click.echo(line)


@criteria.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check(file: Path) -> None:
    """Whether a set's TOML file is right; if not, everything that is wrong and where."""
    from criteria.set_file import CriteriaError, parse_criteria

    try:
        chosen = parse_criteria(file.read_text(encoding="utf-8"), file.name)
    except UnicodeDecodeError:
        raise Failure(f"{file} is not a text file in UTF-8.") from None
    except CriteriaError as error:
        raise Failure(str(error)) from None
    click.echo(f"{file.name} is right: {chosen.id}, {len(chosen.indicators)} indicators.")


@criteria.command("read")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What was asked.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.argument("texts", metavar="[--] TEXT...", nargs=-1, required=True)
def read_(kind: str, as_json: bool, texts: tuple[str, ...]) -> None:
    """How each reply is read. Put -- before replies that begin with a dash."""
    from criteria.reading import read

    readings = [(text, read(text, kind)) for text in texts]  # type: ignore[arg-type]
    if as_json:
        print_json([_as_json(text, reading) for text, reading in readings])
        return
    for text, reading in readings:
        extra = f"  ({reading.reason})" if reading.reason else ""
        click.echo(f"{text!r}: {reading.outcome} {reading.text_form}{extra}".rstrip())


def _ids() -> tuple[str, ...]:
    from criteria.set_file import shipped_ids

    return shipped_ids()


def _shipped(set_id: str) -> "CriteriaSet":
    from criteria.set_file import parse_criteria, shipped_text

    return parse_criteria(shipped_text(set_id), set_id)


def _as_json(text: str, reading: "Reading") -> dict[str, object]:
    entry: dict[str, object] = {
        "text": text,
        "outcome": reading.outcome,
        "reading": reading.text_form,
    }
    if reading.command == "edit":
        entry |= {"question": reading.question, "reply": reading.reply}
    if reading.reason:
        entry["reason"] = reading.reason
    return entry


def _lines(chosen: "CriteriaSet") -> list[str]:
    lines = []
    for group in chosen.groups:
        lines.append(f"\n{group.code} {group.name.vi}")
        for indicator in chosen.indicators:
            if indicator.group != group.code:
                continue
            share = indicator.threshold
            goal = f"{float(share * 100):g} %" if share is not None else "yes"
            lines.append(
                f"  {indicator.code:4} {goal:>6}  {indicator.asked_of.value:6}"
                f"  {indicator.roll_up.value:6}  {indicator.texts.vi.short}"
            )
    return lines
