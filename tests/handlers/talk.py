"""People of two areas and an officer: what they do, and whether it may be stored."""

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from criteria.answers import Ratio, YesNo
from storage import history
from storage.people import people
from storage.places import places
from storage.reminders import reminder_plans
from storage.reports import reports
from storage.rounds import rounds
from tests.handlers.conftest import FIGURES, SET, shipped_text
from tests.handlers.seen_model import CODES, FITTING, TOTALS, UNKNOWN, Permit, Telephone, kept_value

AREAS = ("Khu 1", "Khu 2")
WRITERS = {"Hùng": "Khu 1", "Lan": "Khu 1", "Tám": "Khu 2"}
EARLIER = {"HT1": Ratio(340, 400), "CQ3": YesNo(yes=True), "KT1": Ratio(240, 300)}
# Buttons that lead out of the model.
_LEFT_ALONE = ("Sửa tổng số", "Vướng mắc", "đếm", "Mỗi tối", "mỗi tối", "Ghi", "đối tượng")
# fmt: off
_PRESSED = ("✅", "▫️", "❌", "🔁", "⏭", "◀", "ℹ️", "➕", "✏️", "📝", "📨", "↩️", "❔", "📎", "✋", "Không phải")
# fmt: on
# Words that tell a person that an answer is not stored.
_REFUSED = (
    "cho câu nào",
    "chưa ghi",
    "Chưa ghi",
    "Đúng không ạ?",
    "Xin ",
    "xin ",
    "Giữ nguyên",
    "đã ghi",
)


@dataclass
class ScheduledMessage:
    """An action, and what it may change."""

    who: str
    permits: list[Permit]
    answers: bool = False  # clearly the open question
    held: bool = False
    sends: bool = False
    seen: int = 0  # how many screens the person had seen by then


@dataclass
class Stage:
    """One commune with its people on telephones, and the actions there."""

    village: object
    phones: dict = field(default_factory=dict)
    models: dict = field(default_factory=dict)
    persons: dict = field(default_factory=dict)  # by id
    reports: dict = field(default_factory=dict)  # by area
    standing: dict = field(default_factory=dict)  # (area, code): value, who gave it
    flags: dict = field(default_factory=dict)  # (area, code): the answer's row
    sayings: list = field(default_factory=list)
    changes: list = field(default_factory=list)
    story: list = field(default_factory=list)
    given_back: set = field(default_factory=set)
    holding: set = field(default_factory=set)
    sends: dict = field(default_factory=dict)
    first: str = ""  # who answered the first questions
    event: int = 0
    batch: bool = False

    @property
    def deployment(self):
        return self.village.deployment

    async def begin(self, sent, first, answered):
        """A commune whose two areas report.

        Khu 1 has sent its report already, and somebody has answered the first questions.
        """
        self.event, self.first = self.deployment.world.journal.last, first
        ids = {}
        for name in (*WRITERS, "Mai"):
            self.phones[name] = self.village.phone(name)
            ids[name] = str(self.phones[name].id)
        now = self.deployment.clock.now()
        await self.village.database.write(lambda tx: self._found(tx, ids, now, sent))
        for name, area in WRITERS.items():
            self.models[name] = Telephone(lambda screen, area=area: self.waits(area, screen))
            await self.phones[name].send("/baocao")
        await self.look()
        for _ in range(answered):
            await self.do(("write", first, 0))

    def _found(self, tx, ids, now, sent):
        number = self.phones["Hùng"].id
        commune = places.add_commune(tx, f"c{number}", f"Xã {number}")
        for place, area in enumerate(AREAS, 1):
            unit = places.add_unit(tx, commune.id, f"k{place}", area, number=place)
            for kind, value in FIGURES.items():
                places.set_figure(tx, unit.id, kind, value, now, way="import")
            self.reports[area] = unit
        for name, address in ids.items():
            person = people.add_person(tx, bot="telegram", address=address, name=name,
                                       handle=None, language="vi", consent_version="1", now=now)  # fmt: skip
            self.persons[person.id] = name
            where = ({"unit_id": self.reports[WRITERS[name]].id} if name in WRITERS
                     else {"commune_id": commune.id})  # fmt: skip
            role = "reporter" if name in WRITERS else "officer"
            people.add_membership(tx, person.id, role, now=now, **where)
        hung = next(iter(self.persons))
        old = self._round(tx, commune, now - timedelta(days=40), now)
        for code, value in EARLIER.items():
            reports.put_answer(tx, self.reports["Khu 1"], code, value, by=None, way="command",
                               now=now)  # fmt: skip
        reports.send_report(tx, self.reports["Khu 1"], by=None, now=now, deadline=old.deadline)
        rounds.close_round(tx, old.id, now - timedelta(days=20))
        round_ = self._round(tx, commune, now, now)
        for person in self.persons:  # messages of jobs ask nothing
            reminder_plans.mute(tx, person, round_.id, now)
        if sent:
            answers = {code: EARLIER.get(code, Ratio(5, total) if total else YesNo(yes=False))
                       for code in CODES[:-1] for total in [TOTALS.get(code)]}  # fmt: skip
            for code, value in answers.items():
                reports.put_answer(tx, self.reports["Khu 1"], code, value, by=hung, way="text",
                                   now=now)  # fmt: skip
            reports.send_report(tx, self.reports["Khu 1"], by=hung, now=now,
                                deadline=round_.deadline)  # fmt: skip

    def _round(self, tx, commune, opens, now):
        made = rounds.open_round(tx, commune.id, f"Kỳ {opens:%d/%m}", SET, shipped_text(SET), None,
                                 opens, opens + timedelta(days=900), opens + timedelta(days=950),
                                 now)  # fmt: skip
        for area, one in self.reports.items():
            unit = getattr(one, "unit_id", one.id)
            self.reports[area] = reports.start_report(tx, made.id, unit, now)
        return made

    # --- acting --------------------------------------------------------------------------------

    async def do(self, action):
        """Perform one action; an action that is impossible now is left out."""
        more = [self.first if one == "first" else one for one in action[1:]]
        await getattr(self, f"_{action[0]}")(*more)
        if not self.batch:
            await self.deployment.quiet()
            await self.look()

    def _says(self, who, permits, words, *, answers=False, sends=False):
        held = who in self.holding
        self.holding.discard(who)
        self.sayings.append(
            ScheduledMessage(who, permits, answers, held, sends, len(self.models[who].screens))
        )
        late = " (it arrives later)" if held else ""
        self.story.append(f"{who} {words}{late}; may change {permits}")

    async def _write(self, who, text, reply=None):
        phone, model = self.phones[who], self.models[who]
        entries = phone.telephone.newest()
        entry = entries[reply % len(entries)] if reply is not None else None
        number = entry.number if entry is not None else None
        text = self._fitting(model, text, number) if isinstance(text, int) else text
        permits = model.written(text, number)
        before = model.report()
        plain = before is not None and before is model.top() and not model.came(text)
        answers = plain and number is None and before.kind in {"question", "evidence"}
        answers = answers and any(one.how == "answer" and one.code == before.code
                                  and one.value is not None for one in permits)  # fmt: skip
        sent = self.deployment.world.send_text(phone.id, text, number)
        model.wrote[sent[0]["message_id"]] = {one.code for one in permits if one.code is not None}
        words = f"writes {text!r}" + (f" as a reply to #{number}" if number else "")
        self._says(who, permits, words, answers=answers, sends=model.may_send(text))

    @staticmethod
    def _fitting(model, which, number):
        """One of two answers that fit the question that is replied to or open."""
        screen = model.newest.get(number, model.report())
        code = next(iter(model.wrote.get(number) or ()), screen and screen.code)
        if screen is not None and screen.kind == "confirm" and screen is model.report():
            code = model.behind(screen) or code
        return FITTING.get(code, ("có", "chưa"))[which]

    async def _reply(self, who, place, text):
        await self._write(who, text, place)

    async def _press(self, who, place):
        phone, model = self.phones[who], self.models[who]
        found = [(screen, caption, data) for screen in reversed(model.screens)
                 for caption, data in screen.buttons
                 if caption.startswith(_PRESSED) and not any(w in caption for w in _LEFT_ALONE)]  # fmt: skip
        if not found:
            return
        screen, caption, data = found[min(place, len(found) - 1)]
        sends = model.may_send(caption)
        self._says(who, model.pressed(screen, caption), f"presses {caption!r} of #{screen.number}",
                   sends=sends)  # fmt: skip
        self.deployment.world.press(phone.id, screen.number, data)

    async def _edit(self, who, place, text):
        phone, mine = self.phones[who], self.phones[who].mine
        if text is None:
            # the bot cannot know a message whose first version is still on its way
            on_the_way = any(one.held for one in self.sayings if one.who == who)
            alone = not (self.batch or who in self.holding or on_the_way)
            self._says(who, [], "reacts to one of their messages")
            self.deployment.world.edit_unchanged(
                phone.id, mine[-1 - place % len(mine)]["message_id"]
            )
            if alone:
                before = len(phone.messages)
                await self.deployment.quiet()
                assert len(phone.messages) == before, self.told("what changed nothing was answered")
        else:
            number = mine[-1 - place % len(mine)]["message_id"]
            text = self._fitting(self.models[who], text, number) if isinstance(text, int) else text
            self._says(who, [], f"edits #{number} to {text!r}")
            self.deployment.world.edit_text(phone.id, number, text)

    async def _hold(self, who):
        self.story.append(f"what {who} does next arrives later")
        self.holding.add(who)
        self.phones[who].hold()

    async def _late(self, who, text, meanwhile):
        await self.do(("hold", who))
        await self.do(("write", who, text))
        await self.do(meanwhile)
        await self.do(("release", who))

    async def _mend(self, who, way, place, text):
        """A person corrects an earlier answer, and writes on before it is confirmed."""
        await self.do((way, who, place if way == "edit" else 2 * place, 1))
        await self.do(("write", who, text))

    async def _table(self, who, text, meanwhile, way):
        """A person reports in one message, something happens, and then they agree to the table."""
        await self.do(("write", who, text))
        await self.do(meanwhile)
        await self.do(("write", who, way) if way else ("agree", who))

    async def _agree(self, who):
        """Press the button of the newest table, wherever it is."""
        phone, model = self.phones[who], self.models[who]
        tables = [one for one in model.screens if one.kind == "table" and one.buttons]
        if not tables:
            return
        caption, data = tables[-1].buttons[0]
        self._says(who, model.pressed(tables[-1], caption), f"presses {caption!r}",
                   sends=model.may_send(caption))  # fmt: skip
        self.deployment.world.press(phone.id, tables[-1].number, data, force=True)

    async def _release(self, who):
        self.story.append(f"what was held back of {who} arrives")
        self.holding.discard(who)
        for one in self.sayings:
            one.held = one.held and one.who != who
        self.deployment.world.updates.release(self.phones[who].id)

    async def _double(self, times):
        self.story.append(f"the next {times} arrive twice")
        self.deployment.world.updates.double(times)

    async def _repeat(self, times):
        self.story.append(f"the last {times} arrive once more")
        self.deployment.world.updates.repeat(times)

    async def _wait(self, seconds):
        self.deployment.clock.move_to(self.deployment.clock.now() + timedelta(seconds=seconds))

    @contextmanager
    def _together(self):
        self.batch = True
        yield
        self.batch = False

    async def _burst(self, actions):
        self.story.append("at once:")
        with self._together():
            for one in actions:
                await self.do(one)

    async def _outage(self, actions):
        self.story.append("the bot is down, and meanwhile:")
        with self._together():
            async with self.deployment.outage():
                for one in actions:
                    await self.do(one)
                self.story.append("the bot is up again")

    async def _correct(self, number, text, who, opened, word):
        """The officer corrects an answer of Khu 1, where a person has an open question."""
        await self.do(("write", who, opened))
        await self._corrected(number, text)
        await self.do(("write", who, word))

    async def _corrected(self, number, text):
        report, code, mai = self.reports["Khu 1"].id, CODES[number - 1], self.phones["Mai"]
        value = (min(int(text), TOTALS[code]), TOTALS[code]) if code in TOTALS else text == "345"
        typed = str(value[0]) if code in TOTALS else ("có" if value else "chưa")
        self.story.append(f"Mai corrects question {number} to {typed}")
        self.sayings.append(ScheduledMessage("Mai", [Permit(code, value, "overwritten")]))
        await mai.press_data(f"1|v.fixq|{report}|{code}", on=1)
        if not mai.messages or "số đúng là bao nhiêu" not in mai.screen:
            return
        await mai.send(typed)
        if mai.screen.startswith("Vì sao"):
            await mai.send("gõ nhầm")

    async def _give_back(self, number):
        """The officer returns a question of Khu 1."""
        report, mai = self.reports["Khu 1"].id, self.phones["Mai"]
        await mai.press_data(f"1|v.one|{report}", on=1)
        if not mai.messages or "↩️ Trả lại" not in mai.buttons:
            return
        self.story.append(f"Mai returns question {number}")
        await mai.press("↩️ Trả lại")
        await mai.send(str(number))
        await mai.press("✍️ Viết lời nhắn")
        await mai.send("xin đếm lại")
        self.given_back.add(CODES[number - 1])

    # --- looking ------------------------------------------------------------------------------

    def waits(self, area, screen):
        row = self.flags.get((area, screen.code))
        if screen.kind == "office":
            return row is not None and row.office == "entered"
        return row is not None and row.returned

    async def look(self):
        """Check what came to the telephones and what was stored meanwhile; both must be allowed."""
        numbers = {phone.id: name for name, phone in self.phones.items()}
        for event in self.deployment.world.journal.after(self.event):
            name = numbers.get(event["phone"])
            if name in self.models and event["type"] in {"message", "edit"} and not event["mine"]:
                self.models[name].show(event["message"])
        self.event = self.deployment.world.journal.last
        entries, flags, sends = await self.village.database.read(self._stored)
        for area, entry in entries[len(self.changes) :]:
            self._judge(area, entry)
            self.changes.append((area, entry))
        self.flags = flags
        for area, count in sends.items():
            allowed = any(one.sends and WRITERS[one.who] == area for one in self.live())
            assert count <= self.sends.get(area, count) or allowed, self.told(f"{area} was sent")
        self.sends = sends
        for one in self.live():
            if one.answers:
                self._is_heard(one)
        self.sayings = [one for one in self.sayings if one.held]

    def live(self):
        """What has arrived since the last look."""
        return [one for one in self.sayings if not one.held]

    def _stored(self, tx):
        entries, flags, sends = [], {}, {}
        for area, report in self.reports.items():
            found = history.history_of_round(tx, report.round_id)
            entries += [(one.id, area, one) for one in found
                        if one.report_id == report.id and one.what == "answer"]  # fmt: skip
            for code, row in reports.answers_of(tx, report.id).items():
                flags[area, code] = row
            sends[area] = reports.report_by_id(tx, report.id).sends
        return [one[1:] for one in sorted(entries)], flags, sends

    def _judge(self, area, entry):
        key, new = (area, entry.indicator), kept_value(entry.new)
        old, giver = self.standing.get(key, (None, None))
        who = self.persons[entry.person_id]
        self.standing[key] = (new, who)
        if not self.sayings and not self.story:
            return  # answers from before the story begins
        mine = [one for saying in self.live() if saying.who == who for one in saying.permits]
        if new != old and not any(self._allows(one, key, old, giver, new, who) for one in mine):
            raise AssertionError(
                self.told(f"{who}: question {entry.indicator} went from {old} to {new}")
            )

    def _allows(self, permit, key, old, giver, new, who):
        if permit.how == "undo":
            return self._undoes(key, giver, new, who)
        if permit.code != key[1] or permit.value != new:
            return False
        if permit.how == "empty":
            return old is None or old == UNKNOWN or key[1] in self.given_back
        anothers = old not in {None, UNKNOWN} and giver != who
        return permit.how == "overwritten" or not anothers

    def _undoes(self, key, giver, new, who):
        """Whether it reverts the person's own last change, and nobody changed it since."""
        standing = []
        for area, entry in self.changes:
            if area == key[0] and self.persons[entry.person_id] == who:
                if entry.way != "undo":
                    standing.append(entry)
                elif standing:
                    standing.pop()
        if not standing or standing[-1].indicator != key[1]:
            return False
        return giver == who and kept_value(standing[-1].old) == new

    def _is_heard(self, saying):
        model, area = self.models[saying.who], WRITERS[saying.who]
        wanted = {(one.code, one.value) for one in saying.permits}
        stands = {(code, value) for (where, code), (value, _) in self.standing.items()
                  if where == area}  # fmt: skip
        stored = {(e.indicator, kept_value(e.new)) for a, e in self.changes if a == area}
        told = any(word in one.text for one in model.screens[saying.seen :] for word in _REFUSED)
        assert wanted & (stands | stored) or told, self.told(f"nobody heard {saying}")

    def told(self, what):
        """The story and the chats, as text."""
        chats = [phone.transcript(24) for phone in self.phones.values()]
        return "\n".join([what, "", *self.story, "", *chats])
