"""The features: each declares its routes, commands and phrases when it is imported."""

from handlers import home
from handlers.announcements import delivery, writing
from handlers.counting import method
from handlers.counting import screens as counting
from handlers.difficulties import raising, routing, settling
from handlers.difficulties import screens as difficulties
from handlers.flow import legacy
from handlers.history import screens as history
from handlers.joining import consent, first_invitation, invitations, leaving, new_invitation
from handlers.officer import confirmation, people, transfers, unreachable
from handlers.officer import home as officer_home
from handlers.operator import difficulties as shared_difficulties
from handlers.operator import home as operator_home
from handlers.personal_data import remains
from handlers.personal_data import screens as my_data
from handlers.practice import screens as practice
from handlers.reminders import buttons, evening_choice
from handlers.report import on_behalf, start_words, use_cases, which_question
from handlers.review import accepting, correcting, evidence, returning, totals
from handlers.review import on_behalf as review_on_behalf
from handlers.review import screens as review
from handlers.rounds import reminder_plan, reopening, schedule
from handlers.rounds import screens as rounds
from handlers.rounds.opening import flow
from handlers.status import routing as status

__all__ = ["confirmation", "home", "routing", "start_words"]

for _module in (
    officer_home, people, transfers, invitations, new_invitation, rounds, schedule, reopening,
    leaving, unreachable, remains, reminder_plan, delivery, writing,
    review, accepting, returning, correcting, totals, review_on_behalf, evidence,
    flow, operator_home, first_invitation, shared_difficulties,
    raising, difficulties, settling,
    counting, method, practice, my_data,
):  # fmt: skip
    legacy.register(_module.STEPS, _module.__name__)

legacy.register_replies(
    status.status_press,
    *status.SCREENS,
    "s.make",
    "s.home",
    "s.own",
    "s.all",
    "s.commune",
    reads=True,
)
legacy.register_replies(status.status_home, "st", reads=True)
legacy.register_replies(history.history_press, "h.areas", "h.area", reads=True)
legacy.register_replies(buttons.reminder_press, *buttons.ACTIONS)
legacy.register_replies(evening_choice.evening_press, *evening_choice.ACTIONS)
legacy.register_replies(on_behalf.answered, *on_behalf.ACTIONS)
legacy.register_replies(use_cases.pressed, *use_cases.ACTIONS)
legacy.register_replies(which_question.pressed, *which_question.ACTIONS)
legacy.register_replies(lambda context, _: home.home(context), consent.CONSENT_ACTION)
