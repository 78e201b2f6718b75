"""What an officer or an operator wrote to many: whether somebody is still to get it."""

from handlers.messages.message import Message
from storage import notices, people, reminder_plans, rounds


class Announcement(Message):
    """A notice in its writer's words."""

    kind = "written"
    bulk = True

    def unwanted(self) -> str | None:
        """Stopped; they left the commune; or it was for late areas and theirs has reported."""
        tx, person_id = self.tx, self.row.person_id
        found = notices.notice(tx, self.row.notice_id or 0)
        if found is None or found.stopped_at is not None:
            return "stopped"
        communes = {
            one.commune_id
            for one in people.memberships_of(tx, person_id)
            if one.commune_id is not None
        }
        if not communes or (found.commune_id is not None and found.commune_id not in communes):
            return "left"
        if found.audience != "late":
            return None
        waiting = (
            task
            for commune_id in communes
            for one in rounds.open_rounds(tx, commune_id, self.cache.now)
            for task in reminder_plans.tasks_of_person(tx, one.id, person_id)
        )
        return None if any(not task.is_in for task in waiting) else "reported"
