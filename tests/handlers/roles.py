"""A telephone for each role: in the commune, in another one, and in the province."""

from dataclasses import dataclass
from datetime import timedelta

from storage.people import invitations
from storage.places import places
from tests.phone import Phone


@dataclass
class People:
    reporter: Phone  # of Khu 1
    officer: Phone
    leader: Phone
    operator: Phone  # of the whole installation
    other: int  # another commune
    stranger: Phone  # its officer
    neighbour: Phone  # its reporter
    far_operator: Phone  # of the other commune's group only


async def everybody(village) -> People:
    """Everybody, with their roles."""
    other, area = await village.database.write(_elsewhere)
    return People(
        reporter=await village.joined("Hùng"),
        officer=await village.joined("Mai", role="officer"),
        leader=await village.joined("Sơn", role="leader"),
        operator=await invited(village, "Tuấn", "operator"),
        other=other,
        stranger=await invited(village, "Hà", "officer", commune_id=other),
        neighbour=await invited(village, "Nga", "reporter", commune_id=other, unit_id=area),
        far_operator=await invited(village, "Đức", "operator", group_name="Miền xuôi"),
    )


def _elsewhere(tx):
    commune = places.add_commune(tx, "ben-go", "Xã Bến Gỗ", "Miền xuôi")
    unit = places.add_unit(tx, commune.id, "k1", "Khu 1", number=1)
    return commune.id, unit.id


async def invited(village, name, role, **where):
    """The telephone of a person who joined by an invitation."""
    now = village.deployment.clock.now()
    _, code = await village.database.write(
        lambda tx: invitations.create_invitation(
            tx, role, now=now, expires_at=now + timedelta(days=9), **where
        )
    )
    phone = village.phone(name)
    await phone.send(f"/start {code}")
    await phone.press("✅")
    return phone
