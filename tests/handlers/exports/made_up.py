"""A format for tests: registered from outside, with a caption in both catalogues."""

from handlers.exports.formats import FORMATS, ExportFormat, register
from handlers.texts import LANGUAGES, texts_of


def register_plain_text(monkeypatch, *, for_leaders):
    """Register the format `txt` until the test ends."""
    for language in LANGUAGES:
        monkeypatch.setitem(texts_of(language).entries, "exports.button.txt", "🗒 Bản chữ")
    monkeypatch.setitem(FORMATS, "txt", None)  # so that it is removed afterwards
    del FORMATS["txt"]
    register(
        ExportFormat(
            name="txt",
            description="the result as plain text",
            file_stem="ban-chu",
            words=frozenset({"ban chu", "text"}),
            button="exports.button.txt",
            write=_write,
            for_leaders=for_leaders,
        )
    )


def _write(material, texts, evidence, file):
    result = material.status.result
    file.write_text(
        f"{material.status.commune.name}: {result.met}/{result.total}\n", encoding="utf-8"
    )
    return [file]
