"""The pictures: their width fits a telephone, equal figures give equal bytes, all is drawn."""

import io

import pytest
from PIL import Image

from handlers.exports.pictures import pictures_of
from handlers.exports.pictures.canvas import INNER, MARGIN, Canvas, drawable
from handlers.exports.pictures.indicators import FIGURE, LEAST
from handlers.exports.pictures.matrix import caption_lines, draw_legend, even_pages
from handlers.kinds.base import presentation_of
from handlers.texts import LANGUAGES, texts_of
from tests.handlers.exports.conftest import called, made

VI = texts_of("vi")


@pytest.mark.parametrize(("areas", "periods"), [(3, 1), (12, 2), (50, 8)])
def test_every_picture_fits_on_a_telephone_and_into_an_album(tx, areas, periods):
    pictures = pictures_of(made(tx, areas, periods=periods), VI)
    names = [name for name, _ in pictures]
    assert names[0] == "chi-tieu.png"
    assert {"cac-ky.png", "theo-ngay.png"} <= set(names)
    assert len(names) == len(set(names)) <= 10
    for _, content in pictures:
        width, height = Image.open(io.BytesIO(content)).size
        assert width == 1080
        assert height <= 1280


def test_only_equal_figures_give_the_same_bytes(material):
    once, again = pictures_of(material, VI), pictures_of(material, VI)
    assert once == again
    other = called(material, material.status.commune.name, "Tháng 12/2026")
    assert pictures_of(other, VI)[0] != once[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_commune_without_any_report_is_drawn_too(tx, language):
    from handlers.exports.material import material_of
    from storage.places import places
    from storage.rounds import rounds
    from tests.handlers.exports.conftest import OPENS, ZONE, _open

    commune = places.add_commune(tx, "trong", "Xã $Trống$ <b>&")
    places.add_unit(tx, commune.id, "k1", "Khu 1 🏡 $a_b$", number=1)
    _open(tx, commune.id, "Kỳ đầu", OPENS)
    round_ = rounds.list_rounds(tx, commune.id)[0]
    texts = texts_of(language)
    assert len(pictures_of(material_of(tx, round_, texts, ZONE), texts)) == 4


def test_letters_are_composed_and_undrawable_characters_are_left_out():
    assert drawable("Tha\u0301ng  🏡 Bến\nGỗ 漢") == "Tháng Bến Gỗ"


def test_a_long_text_is_cut_with_an_ellipsis():
    canvas = Canvas(100)
    assert canvas.text(0, 50, "Khu dân cư có tên rất dài " * 5, 27, width=300) <= 300


def test_pages_have_about_equal_length_and_lose_nothing():
    pages = even_pages(range(51), 17)
    assert [len(page) for page in pages] == [17, 17, 17]
    assert [n for page in even_pages(range(18), 17) for n in page] == list(range(18))


def test_a_long_heading_is_never_cut(material):
    """Headings that differ only in the last word give different pictures."""
    name = "Báo cáo chuyên đề quý IV năm 2026, xã nông thôn mới thông minh, lần thứ"
    commune = material.status.commune.name
    made = [
        pictures_of(called(material, commune, f"{name} {last}"), VI)[0][1]
        for last in ("nhất", "hai")
    ]
    assert made[0] != made[1]


@pytest.mark.parametrize("text", ["Cửa hàng nhận chuyển khoản", "Điện thoại thông minh", "Số"])
def test_a_caption_keeps_all_its_words_on_four_lines(text):
    lines = caption_lines(text, 80)
    assert " ".join(lines) == text
    assert len(lines) <= 4


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_legend_of_the_areas_fits_into_the_picture(language):
    assert draw_legend(Canvas(100), texts_of(language), 50) <= MARGIN + INNER


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_rule_of_a_verdict_is_never_cut(tx, language):
    status, texts, canvas = made(tx, areas=50).status, texts_of(language), Canvas(100)
    for one in status.result.indicators:
        figure = presentation_of(one.kind).picture_figure(status, one, texts)
        assert canvas.text(0, 50, figure, LEAST) <= FIGURE, figure
