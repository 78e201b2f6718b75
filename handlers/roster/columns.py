"""The sheets and columns of the roster workbook, with their headings in both languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from handlers.roster.values import (
    Cell,
    RefusedError,
    Value,
    fold,
    read_code,
    read_codes,
    read_count,
    read_day,
    read_text,
    text_of,
)
from storage.personal_data.masking import PHONE

ROLES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    # role: its word in Vietnamese and in English, and what else people write
    "reporter": ("Thành viên tổ", "Reporter", ("thành viên", "tổ viên", "người báo cáo")),
    "officer": ("Cán bộ xã", "Officer", ("cán bộ", "công chức", "công chức xã", "văn phòng")),
    "leader": ("Lãnh đạo", "Leader", ("chủ tịch", "lãnh đạo xã", "chủ tịch xã", "phó chủ tịch")),
    "operator": ("Cấp tỉnh", "Operator", ("tỉnh", "sở", "cán bộ tỉnh", "cán bộ sở", "quản trị")),
}
_ROLE_OF = {
    fold(word): role for role, (vi, en, more) in ROLES.items() for word in (role, vi, en, *more)
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `figure`: its numbers are figures of a unit, under this key."""

    key: str
    vi: str
    en: str
    read: Callable[[Cell], Value]
    required: bool = False
    figure: bool = False
    clearable: bool = True
    also: tuple[str, ...] = ()
    width: int = 14

    def heading(self, language: str) -> str:
        """The heading as it is written, with a star when the column is required."""
        return (self.vi if language == "vi" else self.en) + (" *" if self.required else "")

    @property
    def names(self) -> set[str]:
        """All that is read as this column's heading."""
        return {fold(name) for name in (self.key, self.vi, self.en, *self.also)}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet."""

    key: str
    vi: str
    en: str
    columns: tuple[Column, ...]
    also: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """The sheet's name."""
        return self.vi if language == "vi" else self.en

    @property
    def names(self) -> set[str]:
        """All that is read as this sheet's name."""
        return {fold(name) for name in (self.key, self.vi, self.en, *self.also)}

    def column(self, key: str) -> Column:
        """The column with this key."""
        return next(column for column in self.columns if column.key == key)


def read_role(cell: Cell) -> str:
    """A role, by any of its words."""
    role = _ROLE_OF.get(fold(text_of(cell)))
    if role is None:
        words = ", ".join(vi for vi, _, _ in ROLES.values())
        raise RefusedError("not_a_role", text=text_of(cell)[:30], roles=words)
    return role


def role_word(role: str, language: str) -> str:
    """The role's word in this language."""
    vi, en, _ = ROLES[role]
    return vi if language == "vi" else en


def read_label(cell: Cell) -> str:
    """What somebody is, such as "Trưởng khu"; a telephone number has no place in it."""
    text = read_text(cell)
    if PHONE.search(text):
        raise RefusedError("phone_number")
    return text


def read_uses(cell: Cell) -> int:
    """How many people an invitation is for."""
    uses = read_count(cell)
    if not 1 <= uses <= _MOST_USES:
        raise RefusedError("uses", uses=uses, most=_MOST_USES)
    return uses


_MOST_USES = 500

COMMUNES = Sheet(
    "communes",
    "Xã",
    "Communes",
    (
        Column("code", "Mã xã", "Commune code", read_code, clearable=False, also=("mã",)),
        Column(
            "name",
            "Tên xã",
            "Commune name",
            read_text,
            required=True,
            clearable=False,
            also=("xã", "tên", "commune"),
            width=24,
        ),
        Column("group", "Nhóm", "Group", read_text, also=("cụm",)),
        Column(
            "commune_cadres",
            "Cán bộ xã",
            "Commune cadres",
            read_count,
            figure=True,
            also=("số cán bộ xã",),
        ),
    ),
    also=("danh sách xã", "xã phường"),
)

AREAS = Sheet(
    "areas",
    "Khu",
    "Areas",
    (
        Column(
            "commune",
            "Xã",
            "Commune",
            read_text,
            required=True,
            clearable=False,
            also=("mã xã", "tên xã", "commune code"),
            width=16,
        ),
        Column("code", "Mã khu", "Area code", read_code, clearable=False, also=("mã",), width=13),
        Column(
            "label",
            "Tên khu",
            "Area name",
            read_text,
            required=True,
            clearable=False,
            also=("khu", "khu dân cư", "thôn", "xóm", "tổ dân phố", "tên", "area"),
            width=18,
        ),
        Column("number", "Số", "Number", read_count, also=("số khu", "stt khu"), width=6),
        Column("old_commune", "Xã cũ", "Old commune", read_text, also=("thuộc xã cũ",), width=16),
        Column(
            "population",
            "Dân số",
            "Population",
            read_count,
            figure=True,
            also=("nhân khẩu",),
            width=9,
        ),
        Column(
            "adults",
            "Người trưởng thành",
            "Adults",
            read_count,
            figure=True,
            also=("trưởng thành", "người lớn", "số người trưởng thành"),
            width=12,
        ),
        Column(
            "working_age",
            "Trong độ tuổi lao động",
            "Working age",
            read_count,
            figure=True,
            also=("độ tuổi lao động", "lao động"),
            width=14,
        ),
        Column(
            "area_cadres",
            "Cán bộ khu",
            "Area cadres",
            read_count,
            figure=True,
            also=("số cán bộ khu",),
            width=9,
        ),
        Column(
            "service_businesses",
            "Cơ sở dịch vụ",
            "Service businesses",
            read_count,
            figure=True,
            also=("cơ sở kinh doanh dịch vụ", "cơ sở"),
            width=11,
        ),
        Column("valid_from", "Từ ngày", "Valid from", read_day, also=("từ",), width=11),
        Column(
            "valid_to", "Đến ngày", "Valid to", read_day, also=("đến", "đến hết ngày"), width=11
        ),
        Column(
            "successors",
            "Nhập vào",
            "Merged into",
            read_codes,
            also=("sáp nhập vào", "successors", "kế thừa"),
            width=14,
        ),
    ),
    also=("khu dân cư", "danh sách khu", "thôn", "areas"),
)

PEOPLE = Sheet(
    "people",
    "Người",
    "People",
    (
        Column("role", "Vai trò", "Role", read_role, required=True, clearable=False, width=18),
        Column(
            "commune",
            "Xã",
            "Commune",
            read_text,
            clearable=False,
            also=("mã xã", "tên xã", "commune code"),
            width=20,
        ),
        Column(
            "area",
            "Khu",
            "Area",
            read_text,
            clearable=False,
            also=("mã khu", "tên khu", "area code", "area name"),
            width=20,
        ),
        Column("group", "Nhóm", "Group", read_text, clearable=False, also=("cụm",)),
        Column(
            "label",
            "Chức danh",
            "Label",
            read_label,
            clearable=False,
            also=("nhãn", "chức vụ"),
            width=22,
        ),
        Column(
            "uses",
            "Số người",
            "Number of people",
            read_uses,
            clearable=False,
            also=("số lượng", "uses"),
        ),
    ),
    also=("nhân sự", "thành viên", "danh sách người"),
)

SHEETS = (COMMUNES, AREAS, PEOPLE)
