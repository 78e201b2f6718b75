"""What an officer or an operator wrote to many: whether somebody is still to get it."""

from handlers.messages.message import Message


class Announcement(Message):
    """A notice in its writer's words."""

    kind = "written"
    bulk = True

    def unwanted(self) -> str | None:
        """Stopped; they left the commune; or it was for late areas and theirs has reported."""
        cache, person_id = self.cache, self.row.person_id
        found = cache.notice(self.row.notice_id or 0)
        if found is None or found.stopped_at is not None:
            return "stopped"
        held = cache.roles(person_id)
        communes = {one.commune_id for one in held if one.commune_id is not None}
        if not communes or (found.commune_id is not None and found.commune_id not in communes):
            return "left"
        if found.audience != "late":
            return None
        waiting = (
            task
            for commune_id in communes
            for one in cache.open_rounds(commune_id)
            for task in cache.tasks(one.id, person_id)
        )
        return None if any(not task.is_in for task in waiting) else "reported"
