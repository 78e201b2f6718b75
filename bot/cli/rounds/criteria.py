"""`criteria`: lists, shows and checks criteria sets, and shows how replies are read."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.failure import Failure
from bot.cli.session import print_json, settings
from bot.language import current_language
from bot.language import gettext as _

if TYPE_CHECKING:
    from criteria.definition import CriteriaSet
    from criteria.reading.reading import Explanation
    from criteria.reading.whole_report import ReportReading
    from criteria.sets.set_file import SetFile

KINDS = ("ratio", "count", "yes_no", "report")


@click.group()
def criteria() -> None:
    """Criteria sets: what is asked, and how replies are read."""


@criteria.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_(as_json: bool) -> None:
    """List the sets: those that are included, and the files in DATA_DIR/criteria-sets."""
    sets = [one.criteria for one in _sets()]
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
        click.echo(
            _(
                "{id}  {title} ({count} indicators)",
                id=each.id,
                title=each.title.vi,
                count=len(each.indicators),
            )
        )


@criteria.command()
@click.argument("set_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def show(set_id: str, as_json: bool) -> None:
    """One set: its indicators, thresholds and who is asked."""
    chosen = set_named(set_id).criteria
    if as_json:
        print_json(chosen.model_dump(mode="json"))
        return
    click.echo(
        _(
            "{id}, version {version}: {title}",
            id=chosen.id,
            version=chosen.version,
            title=chosen.title.vi,
        )
    )
    for line in _lines(chosen):
        click.echo(line)


@criteria.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--language",
    type=click.Choice(("vi", "en")),
    help="Language of the errors; that of the messages if not given.",
)
def check(file: Path, language: str | None) -> None:
    """Check a set's TOML file; if it is invalid, print every error with its line."""
    from criteria.sets.set_file import CriteriaError, parse_criteria, set_text
    from handlers.rounds.criteria_sets import lines_of
    from handlers.texts import texts_of, without_tags

    texts = texts_of(language or current_language())
    try:
        chosen = parse_criteria(set_text(file.read_bytes()), file.name)
    except UnicodeDecodeError:
        raise Failure(without_tags(texts.say("set.check.not_text", file=file.name))) from None
    except CriteriaError as error:
        raise Failure("\n".join(lines_of(error.problems, file.name, texts))) from None
    count = len(chosen.indicators)
    right = texts.say("set.check.right", file=file.name, id=chosen.id, count=count)
    click.echo(without_tags(right))


@criteria.command("read")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What was asked.")
@click.option("--set", "set_id", metavar="ID", help="With report: the set whose areas are asked.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option("--explain", "why", is_flag=True, help="Say which rules decided, and on what words.")
@click.argument("texts", metavar="[--] TEXT...", nargs=-1, required=True)
def read_(kind: str, set_id: str | None, as_json: bool, why: bool, texts: tuple[str, ...]) -> None:
    """How each reply is read. Put -- before replies that begin with a dash."""
    from criteria.reading import explain

    if kind == "report":
        _read_reports(set_id or "phu-tho-2024", texts, as_json=as_json, why=why)
        return
    if set_id is not None:
        raise Failure(_("--set goes only with --kind report."))
    explained = [(text, explain(text, kind)) for text in texts]  # type: ignore[arg-type]
    if as_json:
        print_json([_as_json(text, one, why=why) for text, one in explained])
        return
    for text, one in explained:
        reading = one.reading
        extra = f"  ({reading.reason})" if reading.reason else ""
        click.echo(f"{text!r}: {reading.outcome} {reading.text_form}{extra}".rstrip())
        if why:
            click.echo(_("    rules: {rules}", rules=", ".join(one.rules)))
            words = " · ".join(f"{word} ({part})" for word, part in one.words)
            click.echo(_("    words: {words}", words=words))


def _read_reports(set_id: str, texts: tuple[str, ...], *, as_json: bool, why: bool) -> None:
    """Print how each text is read as a whole report of an area."""
    from criteria.reading.whole_report import questions_of, read_report

    questions = questions_of(set_named(set_id).criteria, office=False)
    readings = [(text, read_report(text, questions)) for text in texts]
    if as_json:
        print_json([_report_as_json(text, reading, why=why) for text, reading in readings])
        return
    for text, reading in readings:
        rest = _("  rest: {rest}", rest=reading.rest) if reading.rest else ""
        command = _("  command: {command}", command=reading.command) if reading.command else ""
        click.echo(f"{text!r}: {reading.outcome}{rest}{command}")
        for one in reading.answers:
            extra = f"  ({one.reason})" if one.reason else ""
            click.echo(f"    {one.number}: {one.outcome} {one.text_form}{extra}".rstrip())
            if why:
                click.echo(f"        {one.text!r}: {', '.join(one.rules)}")
        for part in reading.unread if why else ():
            click.echo(_("    of no question: {part!r}", part=part))


def _report_as_json(text: str, reading: "ReportReading", *, why: bool) -> dict[str, object]:
    answers = []
    for one in reading.answers:
        answer: dict[str, object] = {
            "question": one.number,
            "outcome": one.outcome,
            "reading": one.text_form,
        }
        if one.reason:
            answer["reason"] = one.reason
        if why:
            answer |= {"text": one.text, "rules": list(one.rules)}
        answers.append(answer)
    entry: dict[str, object] = {
        "text": text,
        "outcome": reading.outcome,
        "answers": answers,
        "rest": reading.rest,
        "command": reading.command,
    }
    return entry | {"unread": list(reading.unread)} if why else entry


def set_named(set_id: str) -> "SetFile":
    """Return the set with this id; a Failure lists the known ids."""
    sets = _sets()
    found = next((one for one in sets if one.id == set_id), None)
    if found is None:
        known = ", ".join(one.id for one in sets)
        raise Failure(
            _("There is no criteria set {set_id!r}; there is {known}.", set_id=set_id, known=known)
        )
    return found


def _sets() -> "tuple[SetFile, ...]":
    from bot.criteria_sets import sets_of

    sets, invalid = sets_of(settings().data_dir)
    for one in invalid:
        click.echo(_("Skipped: {why}", why=one.why), err=True)
    return sets


def _as_json(text: str, one: "Explanation", *, why: bool) -> dict[str, object]:
    reading = one.reading
    entry: dict[str, object] = {
        "text": text,
        "outcome": reading.outcome,
        "reading": reading.text_form,
    }
    if reading.command == "edit":
        entry |= {"question": reading.question, "reply": reading.reply}
    if reading.reason:
        entry["reason"] = reading.reason
    if why:
        words = [{"word": word, "part": part} for word, part in one.words]
        entry |= {"rules": list(one.rules), "words": words}
    return entry


def _lines(chosen: "CriteriaSet") -> list[str]:
    from criteria.kinds import kind_of
    from criteria.percent import NO_BREAK_SPACE

    lines = []
    for group in chosen.groups:
        lines.append(f"\n{group.code} {group.name.vi}")
        for indicator in chosen.indicators:
            if indicator.group != group.code:
                continue
            goal = kind_of(indicator.kind).goal(indicator).replace(NO_BREAK_SPACE, " ")
            lines.append(
                f"  {indicator.code:4} {goal:17}  {indicator.asked_of.value:6}"
                f"  {indicator.roll_up.value:6}  {indicator.texts.vi.short}"
            )
    return lines
