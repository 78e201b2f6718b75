"""A province of 148 communes in three groups with 3,321 areas, as a roster."""

from itertools import product

import xlsxwriter

FIRST = ("Đồi", "Suối", "Bến", "Gò", "Vực", "Đá", "Cầu", "Rừng", "Đồng", "Tân", "Phú", "Yên")
SECOND = ("Chè", "Vàng", "Gỗ", "Trắng", "Lim", "Xanh", "Mít", "Sơn", "Hoà", "Thịnh", "Lạc", "Bình",
          "Cọ")  # fmt: skip
NAMES = [f"Xã {first} {second}" for first, second in product(FIRST, SECOND)][:148]
GROUPS = ("Miền xuôi", "Trung du", "Vùng cao")
AREAS = 3_321


def areas_of(number):
    """The number of areas of the commune with this number; 3,321 in total."""
    return AREAS // len(NAMES) + (number < AREAS % len(NAMES))


def write_roster(path):
    """Write the workbook of the province."""
    with xlsxwriter.Workbook(path) as workbook:
        communes, areas = workbook.add_worksheet("Xã"), workbook.add_worksheet("Khu")
        communes.write_row(0, 0, ["Mã xã", "Tên xã", "Nhóm", "Cán bộ xã"])
        areas.write_row(0, 0, ["Xã", "Tên khu", "Số", "Dân số", "Người trưởng thành"])
        row = 0
        for number, name in enumerate(NAMES):
            communes.write_row(number + 1, 0, [f"x{number}", name, GROUPS[number % 3], 30])
            for area in range(1, areas_of(number) + 1):
                row += 1
                areas.write_row(row, 0, [f"x{number}", f"Khu {area}", area, 900, 640 + area])
