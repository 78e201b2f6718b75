"""Signed URLs over the web: read by many, for some minutes, with headers that keep them."""

import errno
import os
import stat
from datetime import timedelta

import httpx
import pytest
from starlette.applications import Starlette

from bot.operations.logs import redact
from bot.service.clock import Clock
from bot.signed_urls import temporary_files as module
from bot.signed_urls.route import address_route
from bot.signed_urls.temporary_files import VALID_FOR, NoAddress, SignedUrl, TemporaryFiles, sweep
from tests.conftest import START

PUBLIC = "https://bot.example.vn/xa"
NAME = "Báo cáo Xã Đồi Chè.docx"


@pytest.fixture
def clock():
    return Clock(START, ticking=False)


@pytest.fixture
def temporary_files(tmp_path, clock):
    return TemporaryFiles(PUBLIC, tmp_path, clock)


@pytest.fixture
async def web(temporary_files):
    """A client of the web server under its public address."""
    app = Starlette(routes=[address_route(temporary_files, PUBLIC)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as client:
        yield client


async def test_a_document_can_be_read_by_many_until_it_expires(temporary_files, web, clock):
    made = await temporary_files.put(b"content", NAME)
    assert made.until == clock.now() + VALID_FOR
    for _ in range(3):
        answer = await web.get(made.url)
        assert (answer.status_code, answer.content) == (200, b"content")
    assert (await web.head(made.url)).headers["Content-Length"] == "7"
    clock.move_to(made.until - timedelta(seconds=1))
    assert (await web.get(made.url)).status_code == 200
    clock.move_to(made.until)
    gone = await web.get(made.url)
    assert gone.status_code == 404
    assert "Địa chỉ này không mở được nữa" in gone.text


async def test_the_headers_prevent_caching_and_type_guessing(temporary_files, web):
    document = (await web.get((await temporary_files.put(b"x", NAME)).url)).headers
    assert document["Content-Type"] == (
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    )
    assert document["Content-Disposition"].startswith("attachment; filename*=utf-8''B%C3%A1o")
    picture = (await web.get((await temporary_files.put(b"x", "anh.png")).url)).headers
    assert picture["Content-Type"] == "image/png"
    assert picture["Content-Disposition"] == 'inline; filename="anh.png"'
    unknown = (await web.get((await temporary_files.put(b"<script>", "trang.html")).url)).headers
    assert unknown["Content-Type"] == "application/octet-stream"
    assert unknown["Content-Disposition"].startswith("attachment")
    wrong = (await web.get(f"{PUBLIC}/f/nothing")).headers
    for headers in (document, picture, unknown, wrong):
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"


async def test_an_address_reveals_nothing_and_is_not_logged(temporary_files):
    first, second = await temporary_files.put(b"x", NAME), await temporary_files.put(b"x", NAME)
    assert first.url != second.url
    token = first.url.removeprefix(f"{PUBLIC}/f/")
    assert len(token) == 52
    assert token not in redact(f"GET {first.url} 200")


async def test_forged_and_changed_addresses_look_like_expired_ones(temporary_files, web, clock):
    made = await temporary_files.put(b"x", NAME)
    altered = made.url[:-1] + ("A" if made.url[-1] != "A" else "B")
    said = {
        (await web.get(one)).text
        for one in (altered, f"{PUBLIC}/f/{'A' * 52}", f"{PUBLIC}/f/secret.key")
    }
    clock.move_to(made.until)
    said.add((await web.get(made.url)).text)
    assert len(said) == 1


async def test_another_worker_with_the_same_folder_can_serve_it(temporary_files, tmp_path, clock):
    made = await temporary_files.put(b"x", NAME)
    other = TemporaryFiles(PUBLIC, tmp_path, clock)
    assert other.find(made.url.rpartition("/")[2]).file_name == NAME


async def test_a_file_is_served_after_its_source_is_deleted(temporary_files, tmp_path):
    """The rights are those of the time at which the address was made."""
    source = tmp_path / "source.jpg"
    source.write_bytes(b"photo")
    made = await temporary_files.put(source, "anh.jpg")
    source.unlink()
    assert temporary_files.find(made.url.rpartition("/")[2]).path.read_bytes() == b"photo"


async def test_a_disk_without_hard_links_copies_the_file(temporary_files, tmp_path, monkeypatch):
    def refuses(*_):
        raise OSError(errno.EXDEV, "another disk")

    await temporary_files.put(b"x", NAME)  # the key exists
    monkeypatch.setattr(os, "link", refuses)
    source = tmp_path / "source.jpg"
    source.write_bytes(b"photo")
    made = await temporary_files.put(source, "anh.jpg")
    copy = temporary_files.find(made.url.rpartition("/")[2]).path
    assert copy.read_bytes() == b"photo"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600


async def test_a_missing_public_address_or_a_full_disk_is_a_reason(tmp_path, clock, monkeypatch):
    assert await TemporaryFiles(None, tmp_path, clock).put(b"x", NAME) == NoAddress("no_public_url")
    assert list(tmp_path.iterdir()) == []

    def full(*_):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(module, "_write", full)
    assert await TemporaryFiles(PUBLIC, tmp_path, clock).put(b"x", NAME) == NoAddress("no_room")


async def test_expired_copies_are_deleted_and_others_stay(temporary_files, tmp_path, clock):
    old = await temporary_files.put(b"old", NAME)
    clock.move_to(clock.now() + timedelta(minutes=10))
    new = await temporary_files.put(b"new", NAME)
    sweep(tmp_path, old.until)
    assert sorted(one.suffix for one in (tmp_path / "addressed").iterdir()) == ["", ".json"]
    assert isinstance(new, SignedUrl)
    assert temporary_files.find(new.url.rpartition("/")[2]).path.read_bytes() == b"new"
    sweep(tmp_path, new.until)
    assert list((tmp_path / "addressed").iterdir()) == []
    sweep(tmp_path / "nowhere", new.until)


async def test_the_files_are_private(temporary_files, tmp_path):
    await temporary_files.put(b"x", NAME)
    folder = tmp_path / "addressed"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(one.stat().st_mode) for one in folder.iterdir()} == {0o600}
