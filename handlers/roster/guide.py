"""The guide sheet of the roster's template: how to fill it in, with an invented example."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide in one language."""

    title: str
    example: str
    lines: tuple[str, ...]


GUIDE: Mapping[str, Guide] = {
    "vi": Guide(
        "Hướng dẫn",
        "Ví dụ",
        (
            "Điền ba trang tính: Xã, Khu, Người. Cột có dấu * là bắt buộc.",
            "Ô để trống: giữ nguyên số liệu đang có. Ô ghi dấu gạch (-): xoá số liệu đang có.",
            "Mã là tên gọi cố định, không đổi khi đổi tên; để trống thì chương trình tự đặt.",
            "Không ghi họ tên, số điện thoại của ai: mỗi dòng ở trang Người là một lời mời.",
            "Người được mời tự khai tên khi đồng ý tham gia.",
            "Thành viên tổ: ghi ở trang Người, hoặc in thư mời cho từng khu; không cần cả hai.",
            "Vai trò: Thành viên tổ (của một khu), Cán bộ xã, Lãnh đạo, Cấp tỉnh.",
            "Khu nhập hoặc chia: ghi ngày cuối cùng ở cột Đến ngày và mã khu mới ở cột Nhập vào.",
            "Nhập lại nhiều lần không sao; có lỗi thì không dòng nào được nhập.",
        ),
    ),
    "en": Guide(
        "Guide",
        "Example",
        (
            "Fill in three sheets: Communes, Areas, People. A column with * is required.",
            "An empty cell leaves what stands; a dash (-) takes it away.",
            "A code is a name that never changes; leave it empty and the program makes one.",
            "Write nobody's name or telephone number: each row of People is an invitation.",
            "Who is invited gives a name with their consent.",
            "Reporters: as rows of People, or by a printed sheet for each area; not by both.",
            "Roles: Reporter (of an area), Officer, Leader, Operator.",
            "An area merged or split: its last day as Valid to, the new codes as Merged into.",
            "Importing again does no harm; when anything is wrong, nothing at all is imported.",
        ),
    ),
}

EXAMPLES: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "communes": (
        {"code": "doi-che", "name": "Xã Đồi Chè", "group": "Cụm 1", "commune_cadres": "32"},
    ),
    "areas": (
        {"commune": "doi-che", "code": "khu-5-yk", "label": "Khu 5", "number": "5",
         "old_commune": "Suối Vàng", "population": "1.150", "adults": "812",
         "working_age": "640", "area_cadres": "5", "service_businesses": "14"},
        {"commune": "doi-che", "code": "khu-6", "label": "Khu 6", "number": "6",
         "valid_to": "30/6/2026", "successors": "khu-5-yk"},
    ),
    "people": (
        {"role": "Thành viên tổ", "commune": "doi-che", "area": "khu-5-yk", "label": "Trưởng khu",
         "uses": "1"},
        {"role": "Lãnh đạo", "commune": "doi-che", "label": "Chủ tịch", "uses": "1"},
    ),
}  # fmt: skip
