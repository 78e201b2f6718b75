"""Removes authors, photo locations and other metadata from Office and OpenDocument files.

Each document is a ZIP of parts. A part of an unknown kind is an error; pictures are re-encoded.
"""

import zipfile
from io import BytesIO
from typing import Any

from bot.file_sandbox.evidence import kind_of
from bot.file_sandbox.pictures import FORMATS, reencoded

LARGEST = 200 * 1024 * 1024  # bytes of all parts, unpacked
MOST_PARTS = 5000
DEEPEST = 2  # nested documents, such as the workbook of a chart
_OOXML = "application/vnd.openxmlformats-officedocument."
_KINDS = {
    # By the entry in the list of content types or in `mimetype`: media type and suffix.
    f"{_OOXML}wordprocessingml.document.main+xml": (f"{_OOXML}wordprocessingml.document", ".docx"),
    f"{_OOXML}spreadsheetml.sheet.main+xml": (f"{_OOXML}spreadsheetml.sheet", ".xlsx"),
    f"{_OOXML}presentationml.presentation.main+xml": (
        f"{_OOXML}presentationml.presentation",
        ".pptx",
    ),
    "application/vnd.oasis.opendocument.text": ("application/vnd.oasis.opendocument.text", ".odt"),
    "application/vnd.oasis.opendocument.spreadsheet": (
        "application/vnd.oasis.opendocument.spreadsheet",
        ".ods",
    ),
    "application/vnd.oasis.opendocument.presentation": (
        "application/vnd.oasis.opendocument.presentation",
        ".odp",
    ),
}
_TYPES, _MIMETYPE, _META = "[Content_Types].xml", "mimetype", "meta.xml"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/metadata/core-properties"
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006"
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
_EMPTY = {
    "docProps/core.xml": f'<cp:coreProperties xmlns:cp="{_PACKAGE}"/>',
    "docProps/app.xml": f'<Properties xmlns="{_PROPERTIES}/extended-properties"/>',
    "docProps/custom.xml": f'<Properties xmlns="{_PROPERTIES}/custom-properties"/>',
    _META: f'<office:document-meta xmlns:office="{_OFFICE}" office:version="1.2"/>',
}
_XML = frozenset({".xml", ".rels", ".vml", ".rdf", ".svg"})
_DRAWINGS_AND_FONTS = frozenset({".emf", ".wmf", ".odttf", ".ttf", ".fntdata"})
_CACHES = ("layout-cache", "ObjectReplacements/")  # of OpenDocument; programs make them again
_PRINTER_SETTINGS = frozenset({"PrinterName", "PrinterSetup"})
_EMBEDDED = frozenset({".docx", ".xlsx", ".pptx"})
_NAME_ATTRIBUTES = frozenset({"author", "initials", "userId", "providerId", "lastModifiedBy"})
_NAME_ELEMENTS = frozenset({"author", "creator", "creator-initials", "sender-initials"})
# Parts with data of the author's machine, and the references to them.
_PRINTER = "/printerSettings"
_TEMPLATE = "/attachedTemplate"


def office_kind(content: bytes) -> tuple[str, str] | None:
    """Return media type and suffix of an office document without macros; None for other ZIPs."""
    with zipfile.ZipFile(BytesIO(content)) as packed:
        names = packed.namelist()
        if _TYPES in names:
            types = packed.read(_TYPES).decode("utf-8", "replace")
            return next((kind for sign, kind in _KINDS.items() if f'"{sign}"' in types), None)
        if _MIMETYPE in names:
            return _KINDS.get(packed.read(_MIMETYPE).decode("ascii", "replace").strip())
    return None


def without_metadata(content: bytes, depth: int = 0) -> bytes:
    """Return the cleaned document; raise ValueError for a part that can't be cleaned."""
    written = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        parts = [one for one in old.infolist() if not one.is_dir()]
        names = {one.filename for one in parts}
        # With two parts of the same name a program may read another part than the cleaned one.
        if len(names) != len(parts) or len(parts) > MOST_PARTS:
            raise ValueError("two parts have the same name, or there are too many parts")
        if sum(one.file_size for one in parts) > LARGEST:
            raise ValueError("the unpacked parts are too large")
        # OpenDocument requires `mimetype` to be the first part, and uncompressed.
        parts.sort(key=lambda one: one.filename != _MIMETYPE)
        for one in parts:
            if _PRINTER in one.filename:
                continue
            part = _clean_part(one.filename, old.read(one), depth)
            packing = zipfile.ZIP_STORED if one.filename == _MIMETYPE else zipfile.ZIP_DEFLATED
            new.writestr(zipfile.ZipInfo(one.filename), part, packing)
    return written.getvalue()


def _clean_part(name: str, part: bytes, depth: int) -> bytes:
    ending = "." + name.rpartition(".")[2].lower()  # also for "_rels/.rels"
    if name in _EMPTY:
        return _EMPTY[name].encode()
    if name == _MIMETYPE or not part:
        return part
    if ending in _XML:
        return _clean_xml(part, recover=ending == ".vml")  # Excel writes an unclosed <br> there
    if name.startswith(_CACHES):
        return b""
    if kind_of(part) in {"picture", "other picture"}:
        return reencoded(part, (*FORMATS, "GIF", "BMP"))[0]
    if ending in _EMBEDDED and depth < DEEPEST:
        return without_metadata(part, depth + 1)
    if ending == ".bin":  # the object of another program; the document still has its picture
        return b""
    if ending in _DRAWINGS_AND_FONTS:
        return part
    raise ValueError(f"parts of the kind {ending} can't be cleaned")


def _clean_xml(part: bytes, *, recover: bool) -> bytes:
    """Return an XML part without the names of authors and commenters."""
    from lxml import etree

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, recover=recover
    )
    root = etree.fromstring(part, parser)
    if root.getroottree().docinfo.doctype:
        raise ValueError("a part has a DOCTYPE")  # its entities could expand to gigabytes
    for one in list(root.iter(etree.Element)):
        _forget_names(one)
        _forget_machine(one)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _forget_names(one: Any) -> None:  # noqa: ANN401 - lxml's class is private
    from lxml.etree import QName

    if QName(one).localname in _NAME_ELEMENTS and not len(one):
        one.text = ""
    for attribute in [key for key in one.attrib if QName(key).localname in _NAME_ATTRIBUTES]:
        one.set(attribute, "")
    if _PRINTER_SETTINGS.intersection(one.attrib.values()):
        one.text = ""
    if QName(one).localname == "person" and "displayName" in one.attrib:  # the author of a comment
        one.set("displayName", "")


def _forget_machine(one: Any) -> None:  # noqa: ANN401 - lxml's class is private
    """Remove references to printer settings and to the template's path on the disk."""
    from lxml.etree import QName

    target = f"{one.get('Type', '')} {one.get('PartName', '')}"
    parent = one.getparent()
    if parent is not None and (
        QName(one).localname == "attachedTemplate" or _PRINTER in target or _TEMPLATE in target
    ):
        parent.remove(one)
    elif QName(one).localname == "pageSetup":
        for attribute in [key for key in one.attrib if QName(key).localname == "id"]:
            del one.attrib[attribute]
