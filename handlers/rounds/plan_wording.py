"""When rounds open by themselves and when they remind, in words, for screens and the history."""

from criteria.reminders import Anchor, Entry
from criteria.schedule import MONTH_END, Schedule
from handlers.texts import Html, Texts


def schedule_words(texts: Texts, schedule: Schedule) -> Html:
    """On which days rounds open and are due, as a sentence."""
    due = "schedule.due_month_end" if schedule.deadline_on == MONTH_END else "schedule.due"
    if schedule.deadline_on <= schedule.opens_on:
        due = "schedule.due_next_month"
    return texts.say(
        f"schedule.{schedule.every.value}",
        day=str(schedule.opens_on),
        due=texts.say(due, day=str(schedule.deadline_on)),
    )


def entry_words(texts: Texts, entry: Entry) -> Html:
    """One of a plan's reminders: "trước hạn 3 ngày"."""
    if entry.anchor is Anchor.OPENING:
        return texts.say("plan.opening")
    if not entry.days:
        return texts.say(f"plan.{entry.anchor.value}_day")
    side = "before" if entry.days < 0 else "after"
    return texts.say(f"plan.{entry.anchor.value}_{side}", days=abs(entry.days))
