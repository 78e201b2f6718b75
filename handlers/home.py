"""The start screen, the choice of a report, the help and the choice of a language."""

from dataclasses import replace
from typing import Annotated

from handlers.flow.arguments import Number, NumberOrZero, one_of
from handlers.flow.channel import Button, Reply, Screen
from handlers.flow.commands import command, is_phrase, menu_of, opens, phrase
from handlers.flow.context import Context
from handlers.flow.page import ScreenBuilder, button, page_of, to
from handlers.flow.press import Press
from handlers.flow.rights import EVERYBODY, MEMBER, READER, WRITER
from handlers.flow.routes import Next, action, page, screen
from handlers.operator.communes import group_names, with_group
from handlers.report.assigned_reports import AssignedReport, captions_of, tasks_named, tasks_of
from handlers.report.report_access import may_write
from handlers.report.screens.one_message import offer
from handlers.report.use_cases import begin_report
from handlers.report.view import asked_of
from handlers.report.wording import unit_names
from handlers.review.cases import review_row
from handlers.rounds.criteria_sets import round_names, set_of
from handlers.texts import LANGUAGES, texts_of
from storage.people import people
from storage.places import places
from storage.reports import reports
from storage.rounds import rounds


def home(context: Context, above: str | None = None, *, edit: bool = False) -> Reply:
    """Return the start screen as a reply, with the sentence `above` on top."""
    return context.shows(home_screen(context, above), edit=edit)


def home_screen(context: Context, above: str | None = None) -> Screen:
    """Show the person's roles, the open reports, and buttons for the two or three next steps."""
    texts, tasks, page = context.texts, tasks_of(context), ScreenBuilder(context)
    page.line(*((above, "") if above else ()), *_roles(context, tasks))
    names = round_names((task.round for task in tasks), texts.language)
    units = unit_names(context.tx, (task.unit for task in tasks), texts)
    if tasks:
        page.line()
    elif context.areas or context.office_communes:
        page.line().say(_nothing_to_do(context))
    for one in tasks:
        page.line(_task_line(context, one, names[one.round.id], units[one.unit.id]))
    if not texts.buttons and len(tasks) == 1:
        page.line(*_one_message(context, tasks[0]))
    return _add_buttons(context, page, tasks).screen()


@page("home", right=EVERYBODY, edits=False)
def start_page(context: Context) -> Screen:
    """Show the start screen as a new message, so that the message with its button remains."""
    return home_screen(context)


@page("m.left", right=EVERYBODY, also=("k.done",))
def other_roles(context: Context) -> Screen:
    """Show the start screen with the roles that the person has from now on."""
    return home_screen(context)


def _one_message(context: Context, task: AssignedReport) -> list[str]:
    """Return the lines on how to report in one message; empty once something is answered."""
    tx, unit, texts = context.tx, task.unit, context.texts
    report = reports.report_of(tx, task.round.id, unit.id)
    if report is not None and (report.state != "draft" or reports.answers_of(tx, report.id)):
        return []
    criteria, figures = set_of(task.round), places.figures_of(tx, unit.id)
    indicators = criteria.asked_of(office=unit.office)
    questions = [asked_of(one, unit, figures, {}) for one in indicators]
    return ["", offer(criteria, questions, texts), texts.say("one_message.or_report")]


def _nothing_to_do(context: Context) -> str:
    """Return the key of the reason: the person's units are asked nothing, or no round is open."""
    communes = {m.commune_id for m in context.memberships if m.commune_id is not None}
    if rounds.open_rounds_of(context.tx, sorted(communes), context.now):
        return "home.not_asked"
    return "home.no_round_officer" if context.office_communes else "home.no_round"


def _add_buttons(
    context: Context, page: ScreenBuilder, tasks: tuple[AssignedReport, ...]
) -> ScreenBuilder:
    """Add the buttons; a reporter who has not sent everything gets the report alone."""
    if any(not task.unit.office for task in tasks):
        page.button("button.report", to("rep"))
    if any(task.unit.office for task in tasks):
        page.button("button.office_report", to("off"))
    if tasks and not (context.communes_read or context.operator or _all_sent(context, tasks)):
        return page
    page.row(*review_row(context, *context.office_communes))
    if context.office_communes:
        page.button("button.manage", to("m.home"))
    if context.operator:
        page.button("button.operate", to("o.home"))
    if context.deployment.board_url is not None and READER.holds(context):
        page.button("board.button.open", to("u.new"))
    texts = context.texts
    status = [button(texts, "button.status", "st")] if MEMBER.holds(context) else []
    return page.row(*status, button(texts, "button.help", "help"))


def _all_sent(context: Context, tasks: tuple[AssignedReport, ...]) -> bool:
    found = (reports.report_of(context.tx, task.round.id, task.unit.id) for task in tasks)
    return all(report is not None and report.is_in for report in found)


def _roles(context: Context, tasks: tuple[AssignedReport, ...]) -> list[str]:
    texts = context.texts
    lines: list[str] = []
    today = context.now.astimezone(context.deployment.zone).date().isoformat()
    for m in context.memberships:
        if m.unit_id is not None:
            unit = places.unit(context.tx, m.unit_id)
            commune = places.commune(context.tx, unit.commune_id)
            over = unit.valid_to is not None and unit.valid_to < today
            over = over and all(task.unit.id != unit.id for task in tasks)
            key = "home.reporter_over" if over else "home.reporter"
            lines.append(texts.say(key, unit=texts.unit(unit), commune=commune.name))
        elif m.commune_id is not None:
            commune = places.commune(context.tx, m.commune_id)
            lines.append(texts.say(f"home.{m.role}", commune=commune.name))
    if context.operator:
        lines.append(with_group(texts, "home.operator", group_names(context)))
    return lines or [texts.say("home.no_role")]


def _task_line(context: Context, task: AssignedReport, name: str, unit: str) -> str:
    texts, zone = context.texts, context.deployment.zone
    report = reports.report_of(context.tx, task.round.id, task.unit.id)
    state = report.state if report is not None else "none"
    return texts.say(
        "home.task",
        round=name,
        unit=unit,
        state=texts.say(f"state.{state}"),
        deadline=texts.day(task.round.deadline, zone),
    )


@action("rep", right=EVERYBODY, also=("off",))
def report_pressed(context: Context) -> Reply | Next:
    """Open the report of the person's area, or of the commune's office."""
    return report(context, office=context.here.action == "off")


@command("baocao", "report", place=10, menu=WRITER.holds)
def report_command(context: Context, text: str) -> Reply | Next:
    """Open the report of the person's area, else of the office."""
    return report(context, office=not context.areas)


def report(context: Context, *, office: bool) -> Reply | Next:
    """Open the person's report; ask which one when there are several."""
    tasks = tasks_of(context, office=office)
    if not tasks:
        above = context.texts.say("home.nothing_to_report") if tasks_of(context) else None
        return home(context, above)
    if len(tasks) == 1:
        return begin_report(context, tasks[0].round.id, tasks[0].unit.id)
    return Next(which_report.at(int(office)))


OfOffice = NumberOrZero  # 1: reports of offices


@screen("pick.w", right=WRITER, asks=True)
def which_report(context: Context, office: OfOffice) -> Screen | None:
    """Ask which of several reports, in pages; its name or its number in the list can be typed."""
    captions = _captions(context, office)
    if not captions:
        return None

    def report_button(task: AssignedReport) -> Button:
        label = f"{mark_of(context, task)} {captions[task]}"
        return Button(label, picked.data(task.round.id, task.unit.id))

    asked, tasks = ScreenBuilder(context).say("pick.ask"), list(captions)
    return asked.listed(tasks, report_button, which_report, office, size=_MOST_PICKS).screen()


@which_report.text
def name_report(context: Context, text: str, office: OfOffice) -> Reply | Next:
    """Open the report whose name was typed, or whose number in the list was."""
    captions = _captions(context, office)
    here, page, _ = page_of(list(captions), context.page, _MOST_PICKS)
    if text.isdecimal() and 1 <= int(text) <= len(here):
        named = [here[int(text) - 1]]
    else:
        named = tasks_named(captions, text)
    if len(named) == 1:
        return begin_report(context, named[0].round.id, named[0].unit.id)
    return Next(which_report.at(office, page=page), context.texts.say("pick.unknown"))


_MOST_PICKS = 7


def _captions(context: Context, office: int) -> dict[AssignedReport, str]:
    return captions_of(context, tasks_of(context, office=bool(office)))


def mark_of(context: Context, task: AssignedReport) -> str:
    """Return the sign of a report's state."""
    found = reports.report_of(context.tx, task.round.id, task.unit.id)
    state = found.state if found is not None else ""
    return {"sent": "✅", "accepted": "✅", "returned": "↩️"}.get(state, "▫️")


@action("pick", right=WRITER)
def picked(context: Context, round_id: Number, unit_id: Number) -> Reply | None:
    """Open the report that was picked; None when it is closed or no longer this person's."""
    for task in tasks_of(context):
        here = (task.round.id, task.unit.id) == (round_id, unit_id)
        if here and may_write(context, task.unit.id):
            return begin_report(context, task.round.id, task.unit.id)
    return None


@phrase()
def named(context: Context, text: str) -> Press | None:
    """Return the address for a typed caption of the start screen, or another phrase for it."""
    for key, address in _ADDRESSES.items():
        if is_phrase(context, text, f"words.{key}") or is_phrase(context, text, f"button.{key}"):
            return Press(address)
    return None


_ADDRESSES = {"status": "st", "report": "rep", "office_report": "off", "manage": "m.home"}


@page("help", right=EVERYBODY, edits=False)
def help_page(context: Context) -> Screen:
    """Show how the bot works, by role, with the commands."""
    key = "help.reporter" if context.areas else "help.reader"
    if context.office_communes:
        key = "help.officer"
    if not MEMBER.holds(context):
        key = "home.no_role"
    commands = (f"/{c.name} – {c.description}" for c in menu_of(context))
    return (
        ScreenBuilder(context).say(key).line("", *commands, "").say("help.my_data").home().screen()
    )


opens("trogiup", "help", help_page.at(), place=110, menu=EVERYBODY.holds)


@command("ngonngu", "language", place=120, menu=EVERYBODY.holds)
def language_command(context: Context, text: str) -> Reply:
    """Ask for the language; each button names its language in that language."""
    rows = tuple(
        (Button(texts_of(code).say("language.name"), language_chosen.data(code)),)
        for code in LANGUAGES
    )
    return context.shows(Screen(context.texts.say("language.ask"), rows))


@action("lang", right=EVERYBODY)
def language_chosen(context: Context, code: Annotated[str, one_of(*LANGUAGES)]) -> Reply:
    """Store the language and show the start screen in it."""
    people.set_language(context.tx, context.person.id, code)
    context = replace(context, texts=context.deployment.texts(code, context.bot))
    reply = home(context, context.texts.say("language.done"), edit=True)
    return replace(reply, commands=menu_of(context))
