"""PDFs and office documents keep their pages; author, place and machine are removed."""

import io
import zipfile

import docx
import openpyxl
import pikepdf
import pytest
from PIL import Image

from bot.file_sandbox.evidence import Clean, RefusedFile, cleaned, renamed
from tests.handlers.exports.office import opened

SECRET = "Lan Bien Hoa"
TRACES = (SECRET.encode(), b"GPS", b"Exif", b"C:\\Users", b"PRINTER-OF-LAN")


def photo(form="JPEG"):
    exif = Image.Exif()
    exif[0x010F] = SECRET
    exif.get_ifd(0x8825)[1] = "GPS N"
    out = io.BytesIO()
    Image.new("RGB", (40, 20), (200, 30, 30)).save(out, form, exif=exif, comment=SECRET.encode())
    return out.getvalue()


def letter():
    """A Word document with a photo, a comment, and much metadata."""
    made = docx.Document()
    made.core_properties.author = made.core_properties.last_modified_by = SECRET
    paragraph = made.add_paragraph("Biên bản họp tổ")
    paragraph.add_run().add_picture(io.BytesIO(photo()))
    made.add_comment(paragraph.runs, text="đã sửa", author=SECRET, initials="Lan Bien Hoa")
    out = io.BytesIO()
    made.save(out)
    return with_parts(
        out.getvalue(),
        {
            "word/settings.xml": (
                b"</w:settings>",
                b'<w:attachedTemplate r:id="rId99"/></w:settings>',
            ),
            "[Content_Types].xml": (b"", b""),
        },
        {
            "word/_rels/settings.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
                'relationships"><Relationship Id="rId99" TargetMode="External" '
                'Target="file:///C:\\Users\\Lan\\normal.dotm" Type="http://schemas.'
                'openxmlformats.org/officeDocument/2006/relationships/attachedTemplate"/>'
                "</Relationships>"
            )
        },
    )


def sheet():
    """A workbook with a note, and the settings of a printer."""
    made = openpyxl.Workbook()
    made.properties.creator = made.properties.lastModifiedBy = SECRET
    made.active["A1"] = "Khu 1"
    made.active["A1"].comment = openpyxl.comments.Comment("xem lại", SECRET)
    made.active.page_setup.orientation = "landscape"
    made.active.page_setup.id = "rId77"
    out = io.BytesIO()
    made.save(out)
    rels = "xl/worksheets/_rels/sheet1.xml.rels"
    way = (
        b'<Relationship Id="rId77" Target="../printerSettings/printerSettings1.bin" Type="http://'
        b'schemas.openxmlformats.org/officeDocument/2006/relationships/printerSettings"/>'
        b"</Relationships>"
    )
    more = {"xl/printerSettings/printerSettings1.bin": "PRINTER-OF-LAN"}
    return with_parts(out.getvalue(), {rels: (b"</Relationships>", way)}, more)


def text_document():
    """A document of LibreOffice, as far as needed here."""
    kind = "application/vnd.oasis.opendocument.text"
    note = f"<dc:creator xmlns:dc='http://purl.org/dc/elements/1.1/'>{SECRET}</dc:creator>"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("content.xml", f"<office>Biên bản{note}</office>")
        made.writestr("meta.xml", f"<meta>{SECRET}</meta>")
        made.writestr("Pictures/1.jpg", photo())
        made.writestr("mimetype", kind)
    return out.getvalue()


def with_parts(content, replaced, added):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            was, to = replaced.get(name, (b"", b""))
            part = old.read(name)
            new.writestr(name, part.replace(was, to) if was else part)
        for name, part in added.items():
            new.writestr(name, part)
    return out.getvalue()


def document():
    """A PDF with an original photo, a note, and an attached file."""
    made, out = pikepdf.new(), io.BytesIO()
    made.docinfo["/Author"] = SECRET
    with made.open_metadata() as described:
        described["dc:creator"] = [SECRET]
    image = made.make_stream(b"")
    image.write(photo(), filter=pikepdf.Name.DCTDecode)
    image.Type, image.Subtype = pikepdf.Name.XObject, pikepdf.Name.Image
    image.Width, image.Height, image.BitsPerComponent = 40, 20, 8
    image.ColorSpace = pikepdf.Name.DeviceRGB
    page = made.add_blank_page(page_size=(100, 100))
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=image))
    page.Contents = made.make_stream(b"q 40 0 0 20 0 0 cm /Im0 Do Q")
    note = {"/Type": "/Annot", "/Subtype": "/Text", "/T": SECRET, "/Rect": [0, 0, 9, 9]}
    names = {key: pikepdf.Name(one) if str(one)[:1] == "/" else one for key, one in note.items()}
    page.Annots = made.make_indirect(pikepdf.Array([pikepdf.Dictionary(names)]))
    made.attachments["ghi chú.txt"] = pikepdf.AttachedFileSpec(made, SECRET.encode())
    made.save(out, compress_streams=False)
    return out.getvalue()


def parts(content):
    """All unpacked parts of a file."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            found = [name.encode() + packed.read(name) for name in packed.namelist()]
            return b"\n".join([packed.comment, *found])
    with pikepdf.open(io.BytesIO(content)) as pdf:
        streams = [one.read_raw_bytes() for one in pdf.objects if isinstance(one, pikepdf.Stream)]
    return content + b"".join(streams)


@pytest.mark.parametrize("make", [letter, sheet, text_document, document])
def test_the_author_and_place_of_a_document_are_removed(make):
    before = make()
    assert any(trace in parts(before) for trace in TRACES)
    after = cleaned(before)
    assert isinstance(after, Clean)
    assert [trace for trace in TRACES if trace in parts(after.content)] == []


def test_a_word_document_keeps_its_text_its_photo_and_its_comment():
    after = cleaned(letter())
    kept = docx.Document(io.BytesIO(after.content))
    assert kept.paragraphs[0].text == "Biên bản họp tổ"
    assert len(kept.inline_shapes) == 1
    assert [one.text for one in kept.comments] == ["đã sửa"]
    assert after.ending == ".docx"


def test_a_workbook_keeps_its_cells_and_how_it_is_printed():
    after = cleaned(sheet())
    kept = openpyxl.load_workbook(io.BytesIO(after.content)).active
    assert kept["A1"].value == "Khu 1"
    assert kept["A1"].comment.text == "xem lại"
    assert kept.page_setup.orientation == "landscape"


def test_a_pdf_keeps_its_pages_and_its_photo():
    with pikepdf.open(io.BytesIO(cleaned(document()).content)) as kept:
        (page,) = kept.pages
        shown = pikepdf.PdfImage(page.Resources.XObject.Im0).as_pil_image()
        red, green, blue = shown.convert("RGB").getpixel((5, 5))
        assert red > 150 > 60 > max(green, blue)
        assert len(page.Annots) == 1


def test_a_progressive_photo_in_a_pdf_keeps_its_points():
    from bot.file_sandbox.pdf import jpeg_without_segments

    out, picture = io.BytesIO(), Image.effect_noise((64, 48), 60)
    picture.save(out, "JPEG", progressive=True, comment=SECRET.encode())
    after = jpeg_without_segments(out.getvalue() + b"\xff\xd8" + SECRET.encode())
    assert SECRET.encode() not in after
    with Image.open(io.BytesIO(after)) as kept, Image.open(out) as was:
        assert kept.tobytes() == was.tobytes()


def zipped(**members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in members.items():
            made.writestr(name, content)
    return out.getvalue()


def locked():
    out = io.BytesIO()
    with pikepdf.new() as made:
        made.add_blank_page()
        made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    return out.getvalue()


REFUSED = {
    "a film": (b"\x00\x00\x00\x18ftypqt  ", "unwanted"),
    "an MTS film": (b"\x00\x00\x00\x00G@\x00\x10", "unwanted"),
    "an X3F photo": (b"FOVb" + bytes(50), "unwanted"),
    "a CR3 photo": (b"\x00\x00\x00\x18ftypcrx ", "unwanted"),
    "an archive": (zipped(a="x"), "unwanted"),
    "an old Word document": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "unwanted"),
    "text": (b"Khu 1", "unwanted"),
    "nothing": (b"", "unwanted"),
    "a TIFF": (b"II*\x00" + bytes(50), "unclean"),
    "a GIF": (b"GIF89a" + bytes(50), "unclean"),
    "a broken PDF": (b"%PDF-1.7 ...", "unopened"),
    "a locked PDF": (locked(), "unopened"),
    "a document with a film": (with_parts(letter(), {}, {"word/media/a.mp4": "x"}), "unopened"),
    "a document with a DOCTYPE": (
        with_parts(letter(), {}, {"word/x.xml": "<!DOCTYPE a><a/>"}), "unopened",
    ),
    "a document with a part twice as large as memory": (
        with_parts(letter(), {}, {"word/x.xml": bytes(201 << 20)}), "unopened",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_of_an_unknown_type_or_one_that_cannot_be_cleaned_is_refused(name):
    content, why = REFUSED[name]
    refused = cleaned(content)
    assert isinstance(refused, RefusedFile)
    assert refused.why == why


def test_a_document_with_macros_is_refused():
    sign = b"wordprocessingml.document.main+xml"
    types = {"[Content_Types].xml": (sign, b"document.macroEnabled.main+xml")}
    assert cleaned(with_parts(letter(), types, {})) == RefusedFile("unwanted", "zip")


@pytest.mark.parametrize(
    ("name", "ending", "after"),
    [
        ("IMG_1.HEIC", ".jpg", "IMG_1.jpg"),
        ("ảnh.JPEG", ".jpg", "ảnh.JPEG"),
        ("biên bản", ".pdf", "biên bản.pdf"),
        ("số 12.2026", ".pdf", "số 12.2026.pdf"),
        (None, ".jpg", None),
    ],
)
def test_the_file_name_has_the_extension_of_what_was_kept(name, ending, after):
    assert renamed(name, ending) == after


@pytest.mark.office
@pytest.mark.parametrize(
    ("make", "kind", "other"), [(letter, "docx", "odt"), (sheet, "xlsx", "ods")]
)
def test_libreoffice_opens_the_cleaned_file(tmp_path, make, kind, other):
    (tmp_path / f"a.{kind}").write_bytes(make())
    for given in (tmp_path / f"a.{kind}", opened(tmp_path / f"a.{kind}", other)):
        clean = tmp_path / f"clean{given.suffix}"
        clean.write_bytes(cleaned(given.read_bytes()).content)
        assert cleaned(opened(clean, "pdf").read_bytes()).ending == ".pdf"
