"""A simple model of a telephone: what it showed, and what the person can mean by a text.

It knows only the chat of the simulated telephone, and nothing of the program.
"""

import re
from dataclasses import dataclass, field

CODES = ("HT1", "HT2", "CQ3", "CQ4", "KT1", "KT2", "KT3", "XH1")
TOTALS = {"HT1": 400, "HT2": 5, "KT1": 300, "KT2": 10}
# Two answers that fit the question for which a text is written.
FITTING = {"HT1": ("340", "345"), "HT2": ("5", "4"), "KT1": ("240", "250"), "KT2": ("7", "3")}
YES, NO, RIGHT, WRONG = {"có"}, {"chưa", "không"}, {"đúng"}, {"không đúng", "sai"}
# Vague replies, which are confirmed first, and what they are taken for.
_VAGUE = {"sắp có": "chưa", "khoảng 300": "300"}
NOTHING, UNKNOWN = "nothing", "unknown"
# Screens of the report itself; behind all others the question stays open.
_REPORT = {"question", "confirm", "evidence", "summary", "gaps", "receipt"}
_BY_ITSELF = {"office", "returned"}


@dataclass(frozen=True)
class Screen:
    """One message of the bot as it was in the chat."""

    number: int
    text: str
    buttons: tuple[tuple[str, str], ...]  # caption and data
    kind: str
    code: str | None = None
    value: object = None  # on a confirmation
    others: bool = False  # it warns that the answer of another member is overwritten
    lines: tuple = ()  # of a table: the question and the value of each line that its button stores


@dataclass(frozen=True)
class Permit:
    """One change that may be stored without a question: the indicator and its new value."""

    code: str | None
    value: object = None
    how: str = "answer"  # or "empty" (only without an answer), "confirmed", "overwritten", "undo"


def screen_of(message):
    """The message of the bot, read as a person reads it."""
    text = (message.get("text") or message.get("caption") or "").replace("\u00a0", " ")
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = tuple((b["text"].replace("\u00a0", " "), b["callback_data"])
                    for row in rows for b in row if "callback_data" in b)  # fmt: skip
    made = {"number": message["message_id"], "text": text, "buttons": buttons}
    if asked := re.search(r"^Câu (\d)\. [^\n]*: ([^:\n]+)\. Đúng không ạ\?$", text, re.MULTILINE):
        value, others = read_value(asked[2], _code(asked[1])), "Ghi đè lên ạ?" in text
        return Screen(**made, kind="confirm", code=_code(asked[1]), value=value, others=others)
    if "Đọc được như sau" in text:
        return Screen(**made, kind="table", lines=tuple(_lines_of(text)))
    for kind, pattern in _KINDS:
        if found := re.search(pattern, text, re.MULTILINE):
            return Screen(**made, kind=kind, code=_code(found[1]) if found.groups() else None)
    return Screen(**made, kind="beside")


_KINDS = (
    ("office", r"Xã vừa sửa giúp câu (\d)"),
    ("returned", r"Xã hỏi lại 1 câu [^\0]*• Câu (\d):"),
    ("receipt", r"^✅ Đã gửi báo cáo"),
    ("evidence", r"^Câu (\d)\. .*: xin gửi ảnh, tệp hoặc đường dẫn$"),
    ("question", r"^Câu (\d)\. .*: (?:chọn một việc dưới đây|tính thế nào\?)$"),
    ("question", r"^Câu (\d)/8[. ]"),
    ("gaps", r"Vẫn gửi ạ\?"),
    ("summary", r"^Xem lại rồi gửi: |^Báo cáo đã gửi: |^Kỳ đã chốt: "),
)


def _lines_of(table):
    """What a table would store, by question."""
    for number, shown in re.findall(r"^(?:✅|❓) (\d)\. [^:\n]+: (.+)$", table, re.MULTILINE):
        words = re.split(r" = |, | \(", shown)[0]
        yield _code(number), read_value(words, _code(number))


def _code(number):
    return CODES[int(number) - 1]


def read_value(text, code):
    """The value that a caption or an answer means for a question, or None."""
    if (pair := re.match(r"(\d+)/(\d+)", text)) and code in TOTALS:
        return int(pair[1]), int(pair[2])
    if text.isdecimal() and code in TOTALS:
        return (int(text), TOTALS[code]) if int(text) <= TOTALS[code] else None
    if code not in TOTALS and text in {"1", "2"}:
        return text == "1"
    if code not in TOTALS and text.lower() in YES | NO | {"chưa có"}:
        return text.lower() in YES
    return None


def kept_value(kept):
    """The value in an entry of the history."""
    if kept is None or kept["state"] == "none":
        return None
    if kept["state"] == "unknown":
        return UNKNOWN
    return kept["yes"] if kept["state"] == "yes_no" else (kept["numerator"], kept["denominator"])


@dataclass
class Telephone:
    """What one person has seen, in order of arrival, and what they wrote.

    `waits` tells whether a message of the office still waits for the reply of the area.
    """

    waits: object
    screens: list = field(default_factory=list)
    newest: dict = field(default_factory=dict)  # by the number of the message
    wrote: dict = field(default_factory=dict)  # the questions of the person's own messages

    def show(self, message):
        """Record a new or changed message of the bot; a mere loss of buttons is ignored."""
        screen = screen_of(message)
        before = self.newest.get(screen.number)
        if before is not None and before.text == screen.text and not screen.buttons:
            return  # the person may just be pressing them
        self.newest[screen.number] = screen
        if before is not None and (before.text == screen.text or screen.kind == before.kind ==
                                   "receipt"):  # fmt: skip
            self.screens = [screen if one is before else one for one in self.screens]
        else:
            self.screens.append(screen)

    # --- what is shown --------------------------------------------------------------------

    def top(self):
        """The newest screen that followed an action of the person."""
        return next((s for s in reversed(self.screens) if s.kind not in _BY_ITSELF), None)

    def report(self):
        """The newest screen of the report."""
        return next((s for s in reversed(self.screens) if s.kind in _REPORT), None)

    @staticmethod
    def _same(screen, other):
        """Whether two screens ask the same question."""
        return (screen.kind, screen.code, screen.value) == (other.kind, other.code, other.value)

    def behind(self, confirm):
        """The question to which a correction returns."""
        shown = self.screens[: self.screens.index(confirm) + 1]
        for place, screen in reversed(list(enumerate(shown))):
            if screen.kind in {"summary", "gaps", "receipt"}:
                return None
            if screen.kind in {"question", "evidence"}:
                stored = f"✅ Câu {CODES.index(screen.code) + 1} đã ghi: "
                settled = "Đã ghi: " in screen.text or any(
                    stored in s.text for s in shown[place + 1 :]
                )
                return None if settled or screen.code == confirm.code else screen.code
        return None

    def came(self, text, *, after=None):
        """Messages of the office (after a screen) that still wait and fit this text."""
        start = self.screens.index(after) + 1 if after is not None else 0
        agrees = text in YES | NO | RIGHT | WRONG | {"1", "2"}
        return [s for s in self.screens[start:] if s.kind in _BY_ITSELF and self.waits(s)
                and (agrees or (s.kind == "returned" and read_value(text, s.code) is not None))
                ]  # fmt: skip

    # --- what may be changed ---------------------------------------------------------------------

    def written(self, text, reply_to=None):
        """The changes that a message may make without a question."""
        report = self.report()
        if text == "nhầm" or (text == "sai" and report and report.kind != "confirm"):
            return [Permit(None, how="undo")]
        if named := re.fullmatch(r"sửa câu (\d): (.+)", text):
            value = read_value(named[2], _code(named[1]))
            return [Permit(_code(named[1]), value)] if value is not None else []
        if self.wrote.get(reply_to):  # it may still be on its way: then it means nothing
            there = [Permit(one, read_value(text, one), "empty") for one in self.wrote[reply_to]]
            return [*there, *self._plain(text)]
        screen = self.newest.get(reply_to)
        if screen is not None and screen.kind in {"question", "confirm", "evidence"}:
            if self._same(screen, self.report()):
                return self.said_at(self.report(), text)
            value = read_value(text, screen.code) if text != "chưa biết" else UNKNOWN
            value = True if text in RIGHT and screen.code not in TOTALS else value
            return [Permit(screen.code, value, "empty")] if screen.kind != "confirm" else []
        return self._plain(text)

    def _plain(self, text):
        top, report = self.top(), self.report()
        if top is None or report is None:
            return []
        came = self.came(text, after=top)
        older = [Permit(s.code, read_value(text, s.code), "empty") for s in self.came(text)]
        if top.kind == "table" and text in YES | RIGHT:
            return [*self.pressed(top, "✅ Đúng cả"), *older]
        if top is not report and len(text) == 1 and text.isdecimal():
            return [*self._numbered(top, int(text)), *older]
        here = self.said_at(report, text)
        if report.kind != "confirm" and text in RIGHT and self.came(text):
            here = []
        return older if came and here else [*here, *older]

    def _numbered(self, screen, number):
        if number > len(screen.buttons):
            return []
        return self.pressed(screen, screen.buttons[number - 1][0])

    def said_at(self, screen, text):
        """The changes that a text may make at a screen of the report."""
        code = screen.code
        if screen.kind == "confirm":
            return self._said_at_confirmation(screen, text)
        if screen.kind not in {"question", "evidence"}:
            return self._numbered(screen, int(text)) if text in set("123456789") else []
        if text == "chưa biết":
            return [Permit(code, UNKNOWN)]
        if code not in TOTALS and len(text) == 1 and text.isdecimal():
            if text in "12" and screen.kind == "question":
                return [Permit(code, text == "1")]
            return self._numbered(screen, int(text))
        if screen.kind == "evidence" and text in NO:
            return []
        value = True if text in RIGHT and code not in TOTALS else read_value(text, code)
        return [Permit(code, value)] if value is not None else []

    def _said_at_confirmation(self, screen, text):
        agreed = Permit(screen.code, screen.value, "overwritten" if screen.others else "confirmed")
        if text in RIGHT or text == "1" or (text in YES and screen.value is not False):
            return [agreed]
        same = read_value(_VAGUE.get(text, text), screen.code) == screen.value  # the value again
        if same and (text == "chưa" or text in _VAGUE or screen.code in TOTALS):
            return [agreed]
        if text in YES | NO | WRONG or text == "2":
            return []
        behind = self.behind(screen)
        if text == "chưa biết":
            return [Permit(code, UNKNOWN) for code in (behind, screen.code) if code]
        code = behind if behind in TOTALS else screen.code
        after_table = any(one.kind == "table" for one in self.screens)  # no question is behind it
        codes = {code, screen.code} if after_table else {code}
        return [Permit(one, value) for one in codes if (value := read_value(text, one)) is not None]

    def pressed(self, screen, caption):
        """The changes that a button may make, pressed on the screen as it was."""
        if chosen := re.search(r"câu (\d): (?:.* → )?(.+)$", caption, re.IGNORECASE):
            code = _code(chosen[1])
            value = UNKNOWN if chosen[2] == "chưa biết" else read_value(chosen[2], code)
            return [Permit(code, value)]
        if screen.kind == "table" and caption.startswith("✅"):
            return [Permit(code, value) for code, value in screen.lines]
        if screen is not self.report():
            return []
        if caption == "↩️ Ghi nhầm":
            return [Permit(None, how="undo")]
        if screen.kind == "confirm" and caption == "✅ Đúng":
            return self._said_at_confirmation(screen, "đúng")
        if screen.kind != "question":
            return []
        if caption in {"✅ Có", "▫️ Chưa có"}:
            return [Permit(screen.code, caption == "✅ Có")]
        if caption == "❔ Chưa biết":
            return [Permit(screen.code, UNKNOWN)]
        if caption.startswith("🔁"):
            return [Permit(screen.code, read_value(caption.split(": ")[-1], screen.code))]
        return []

    def may_send(self, words):
        """Whether a text or press may send the report."""
        report, top = self.report(), self.top()
        if words == "gửi" or words.startswith("📨"):
            return True
        if any(one.kind == "table" and "gửi luôn" in one.text for one in self.screens):
            return True
        if words.isdecimal():
            return any(one is not None and one.kind in {"summary", "gaps"} for one in (report, top))
        return report is not None and report.kind == "gaps" and words in YES | RIGHT
