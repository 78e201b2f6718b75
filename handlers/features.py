"""Imports all features; each declares its routes, commands and phrases at import."""

# ruff: noqa: F401 - imported for their declarations only

from handlers import home
from handlers.announcements import delivery, writing
from handlers.areas import cancellation, figures, merging
from handlers.areas import screens as areas
from handlers.board import sign_in
from handlers.counting import method
from handlers.counting import screens as counting
from handlers.difficulties import raising, settling
from handlers.history import screens as history
from handlers.joining import (
    consent,
    first_invitation,
    invitations,
    leaving,
    new_invitation,
    sheet_screens,
)
from handlers.linking import other_side, own_side
from handlers.officer import confirmation, people, transfers
from handlers.officer import home as officer_home
from handlers.operator import screens as operator
from handlers.personal_data import forgetting
from handlers.personal_data import screens as my_data
from handlers.practice import screens as practice
from handlers.reminders import buttons, evening_choice
from handlers.report import buttons as report_buttons
from handlers.report import on_behalf, paper_sheet, start_words, whole_report
from handlers.review import correcting, evidence, returning, totals
from handlers.review import on_behalf as review_on_behalf
from handlers.roster import form as roster_form
from handlers.roster import screens as roster
from handlers.rounds import reminder_plan, reopening, schedule
from handlers.rounds import screens as rounds
from handlers.rounds.opening import questions
from handlers.status import commands as status
