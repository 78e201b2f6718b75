"""The home screen and what stands beside it: which area, help, the language, the command menu."""

from dataclasses import dataclass

from handlers.channel import Button, Command, Reply, Screen, Shown
from handlers.criteria_sets import round_names
from handlers.phrases import phrase
from handlers.presses import Press, pack
from handlers.reporting.filling import begin_report
from handlers.reporting.who_writes import may_write
from handlers.reporting.wording import unit_text
from handlers.texts import LANGUAGES, Texts, plain, texts_of
from handlers.turn import Turn
from storage import people, places, reports, rounds
from storage.places import Unit
from storage.rounds import Round


@dataclass(frozen=True, slots=True)
class Task:
    """A unit's report in an open round that this person may fill in."""

    round: Round
    unit: Unit


def tasks_of(turn: Turn, *, office: bool | None = None) -> tuple[Task, ...]:
    """The reports that are this person's to fill in, areas first."""
    found: list[Task] = []
    for unit_id in turn.areas if office is not True else ():
        unit = places.unit(turn.tx, unit_id)
        found += _tasks(turn, unit)
    for commune_id in turn.office_communes if office is not False else ():
        found += _tasks(turn, places.office_of(turn.tx, commune_id))
    return tuple(found)


def _tasks(turn: Turn, unit: Unit) -> list[Task]:
    return [
        Task(round_, unit)
        for round_ in rounds.open_rounds(turn.tx, unit.commune_id, turn.now)
        if rounds.is_open(turn.tx, round_, unit.id, turn.now)
    ]


def home(turn: Turn, above: str | None = None, *, edit: bool = False) -> Reply:
    """Who the person is here, what is open, and the two or three things to do."""
    texts = turn.texts
    lines = [above, ""] if above else []
    tasks = tasks_of(turn)
    lines += [*_roles(turn, tasks), ""]
    names = round_names((task.round for task in tasks), texts.language)
    lines += [_task_line(turn, task, names[task.round.id]) for task in tasks]
    if not tasks and (turn.areas or turn.office_communes):
        lines.append(texts.say("home.no_round"))
    rows = _rows(turn, tasks)
    screen = Screen("\n".join(lines).strip(), rows)
    pressed = turn.incoming.message if edit and turn.incoming.kind == "press" else None
    return Reply((Shown(screen, edit=pressed),), person=turn.person.id)


def _rows(turn: Turn, tasks: tuple[Task, ...]) -> tuple[tuple[Button, ...], ...]:
    """What there is to press: for a reporter who has not sent yet, the report and nothing else."""
    texts = turn.texts
    rows: list[tuple[Button, ...]] = []
    if any(not task.unit.office for task in tasks):
        rows.append((Button(texts.say("button.report"), pack("rep")),))
    if any(task.unit.office for task in tasks):
        rows.append((Button(texts.say("button.office_report"), pack("off")),))
    if tasks and not (turn.communes_read or turn.operator or _all_sent(turn, tasks)):
        return tuple(rows)
    if turn.office_communes:
        rows.append((Button(texts.say("button.manage"), pack("m.home")),))
    if turn.operator:
        rows.append((Button(texts.say("button.operate"), pack("o.home")),))
    rows.append(
        (
            Button(texts.say("button.status"), pack("st")),
            Button(texts.say("button.help"), pack("help")),
        )
    )
    return tuple(rows)


def _all_sent(turn: Turn, tasks: tuple[Task, ...]) -> bool:
    found = (reports.report_of(turn.tx, task.round.id, task.unit.id) for task in tasks)
    return all(report is not None and report.state in {"sent", "accepted"} for report in found)


def _roles(turn: Turn, tasks: tuple[Task, ...]) -> list[str]:
    texts = turn.texts
    lines: list[str] = []
    today = turn.now.astimezone(turn.house.zone).date().isoformat()
    for m in turn.memberships:
        if m.unit_id is not None:
            unit = places.unit(turn.tx, m.unit_id)
            commune = places.commune(turn.tx, unit.commune_id)
            over = unit.valid_to is not None and unit.valid_to < today
            over = over and all(task.unit.id != unit.id for task in tasks)
            key = "home.reporter_over" if over else "home.reporter"
            lines.append(texts.say(key, unit=unit_text(unit, texts), commune=commune.name))
        elif m.commune_id is not None:
            commune = places.commune(turn.tx, m.commune_id)
            lines.append(texts.say(f"home.{m.role}", commune=commune.name))
    if turn.operator:
        lines.append(texts.say("home.operator"))
    return lines or [texts.say("home.no_role")]


def _task_line(turn: Turn, task: Task, name: str) -> str:
    texts, zone = turn.texts, turn.house.zone
    report = reports.report_of(turn.tx, task.round.id, task.unit.id)
    state = report.state if report is not None else "none"
    return texts.say(
        "home.task",
        round=name,
        unit=unit_text(task.unit, texts),
        state=texts.say(f"state.{state}"),
        deadline=texts.day(task.round.deadline, zone),
    )


def report(turn: Turn, *, office: bool) -> Reply:
    """Open the one report there is to fill in, else ask which one."""
    tasks = tasks_of(turn, office=office)
    if not tasks:
        above = turn.texts.say("home.nothing_to_report") if tasks_of(turn) else None
        return home(turn, above)
    if len(tasks) == 1:
        return begin_report(turn, tasks[0].round.id, tasks[0].unit.id)
    names = round_names((t.round for t in tasks), turn.texts.language)
    rows = tuple(
        (Button(_label(turn, t, names), pack("pick", t.round.id, t.unit.id)),)
        for t in tasks[:_MOST_PICKS]
    )
    screen = Screen(turn.texts.say("pick.ask"), rows)
    return Reply((Shown(screen),), person=turn.person.id)


_MOST_PICKS = 8


def _label(turn: Turn, task: Task, names: dict[int, str]) -> str:
    report = reports.report_of(turn.tx, task.round.id, task.unit.id)
    mark = {"sent": "✅", "accepted": "✅", "returned": "↩️"}.get(
        report.state if report else "", "▫️"
    )
    label = f"{mark} {unit_text(task.unit, turn.texts)}"
    return f"{label} · {names[task.round.id]}" if len(names) > 1 else label


def picked(turn: Turn, press: Press) -> Reply | None:
    """The report that was picked, if it is still this person's and open."""
    round_id, unit_id = press.number(0), press.number(1)
    for task in tasks_of(turn):
        if (task.round.id, task.unit.id) == (round_id, unit_id) and may_write(turn, task.unit.id):
            return begin_report(turn, task.round.id, task.unit.id)
    return None


@phrase()
def named(turn: Turn, text: str) -> Press | None:
    """A caption of the start screen, or another word for what it opens, typed anywhere."""
    wanted = plain(text)
    for key, action in _ANYWHERE.items():
        words = turn.texts.say(f"words.{key}").split("|")
        if wanted and wanted in {plain(one) for one in (turn.texts.say(f"button.{key}"), *words)}:
            return Press(action)
    return None


_ANYWHERE = {"status": "st", "report": "rep", "office_report": "off", "manage": "m.home"}


def help_screen(turn: Turn) -> Reply:
    """How it works, by role, with the commands there are."""
    key = "help.reporter" if turn.areas else "help.reader"
    if turn.office_communes:
        key = "help.officer"
    lines = [turn.texts.say(key), ""]
    lines += [f"/{c.name} – {c.description}" for c in commands_of(turn)]
    lines += ["", turn.texts.say("help.my_data")]
    rows = ((Button(turn.texts.say("button.home"), pack("home")),),)
    return Reply((Shown(Screen("\n".join(lines), rows)),), person=turn.person.id)


def language_screen(turn: Turn) -> Reply:
    """The two languages, each in its own words."""
    rows = tuple(
        (Button(texts_of(code).say("language.name"), pack("lang", code)),) for code in LANGUAGES
    )
    return Reply((Shown(Screen(turn.texts.say("language.ask"), rows)),), person=turn.person.id)


def language_chosen(turn: Turn, press: Press) -> Turn | None:
    """Keep the language; the turn goes on in it."""
    code = press.text(0)
    if code not in LANGUAGES:
        return None
    people.set_language(turn.tx, turn.person.id, code)
    return Turn(
        turn.tx,
        turn.now,
        turn.house,
        turn.incoming,
        turn.person,
        turn.memberships,
        texts_of(code),
    )


def commands_of(turn: Turn) -> tuple[Command, ...]:
    """The command menu of this person: what the roles can use, in their language."""
    return menu(
        turn.texts,
        reports_something=bool(turn.areas or turn.office_communes),
        has_area=bool(turn.areas),
        reads_history=bool(turn.areas or turn.communes_read),
        exports=bool(turn.communes_read),
        officer=bool(turn.office_communes),
        operates=turn.operator,
    )


def menu(
    texts: Texts,
    *,
    reports_something: bool,
    has_area: bool = False,
    reads_history: bool = False,
    exports: bool = False,
    officer: bool = False,
    operates: bool = False,
) -> tuple[Command, ...]:
    """The entries of a command menu."""
    names = ["baocao"] if reports_something else []
    names += ["dem"] if has_area else []
    names.append("tinhhinh")
    names += ["xuat"] if exports else []
    names += ["duyet", "quanly"] if officer else []
    names += ["vuongmac", "lichsu"] if reads_history else []
    names += ["dieuhanh"] if operates else []
    names += ["tap"] if has_area else []
    names += ["trogiup", "ngonngu", "dulieu"]
    return tuple(
        Command(_ENGLISH[name] if texts.language == "en" else name, texts.say(f"command.{name}"))
        for name in names
    )


_ENGLISH = {
    "baocao": "report",
    "dem": "count",
    "tap": "practice",
    "duyet": "review",
    "tinhhinh": "status",
    "xuat": "export",
    "quanly": "manage",
    "trogiup": "help",
    "ngonngu": "language",
    "dulieu": "mydata",
    "vuongmac": "difficulty",
    "lichsu": "history",
    "dieuhanh": "operate",
}
