"""Photos, documents, albums: sizes, ids, downloads, limits."""

from telegram import InputMediaPhoto


async def test_a_photo_of_a_person_can_be_fetched(bot, world, lan, picture):
    world.send_file(lan.id, "photo", picture, caption="Nhà văn hoá")
    (update,) = await bot.get_updates()
    sizes = update.message.photo
    assert [size.width for size in sizes] == [90, 320, 800, 900]
    assert [size.height for size in sizes] == [60, 213, 533, 600]
    assert update.message.caption == "Nhà văn hoá"
    file = await bot.get_file(sizes[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture


async def test_the_same_picture_has_the_same_ids(bot, world, lan, picture):
    first = await bot.send_photo(lan.id, picture)
    second = await bot.send_photo(lan.id, first.photo[-1].file_id)
    ids = [size.file_unique_id for size in first.photo]
    assert ids == [size.file_unique_id for size in second.photo]
    assert len(set(ids)) == len(ids)


async def test_a_document_keeps_its_file_name(bot, lan):
    sent = await bot.send_document(lan.id, b"abc", filename="bảng.xlsx", caption="<b>x</b>",
                                   parse_mode="HTML")  # fmt: skip
    assert sent.document.file_name == "bảng.xlsx"
    assert sent.caption_entities[0].type == "bold"
    file = await bot.get_file(sent.document.file_id)
    assert file.file_path.endswith(".xlsx")
    again = await bot.send_document(lan.id, sent.document.file_id)
    assert again.document.file_unique_id == sent.document.file_unique_id


async def test_an_album_is_one_group(bot, lan, picture):
    sent = await bot.send_media_group(
        lan.id, [InputMediaPhoto(picture, caption="1"), InputMediaPhoto(picture + b"2")]
    )
    assert len({message.media_group_id for message in sent}) == 1
    assert [message.caption for message in sent] == ["1", None]
    edited = await sent[1].edit_caption("2")
    assert edited.caption == "2"
    assert edited.photo


async def test_an_album_of_one_is_refused(api, lan):
    media = [{"type": "photo", "media": "x"}]
    code, description = await api.refusal("sendMediaGroup", chat_id=lan.id, media=media)
    assert code == 400
    assert "wrong number of messages" in description


async def test_a_file_that_is_not_a_photo_is_refused(client, world, lan):
    url = f"/bot{world.token}/sendPhoto"

    async def send(content):
        answer = await client.post(url, data={"chat_id": lan.id}, files={"photo": content})
        return answer.json()["description"]

    assert await send(b"no picture") == "Bad Request: IMAGE_PROCESS_FAILED"
    long = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (9000).to_bytes(4) + (10).to_bytes(4)
    assert await send(long) == "Bad Request: PHOTO_INVALID_DIMENSIONS"
    assert "too big for a photo" in await send(bytes(10 * 1024 * 1024 + 1))


async def test_a_caption_has_a_maximum_length(bot, api, lan):
    sent = await bot.send_document(lan.id, b"abc")
    reference = {"chat_id": lan.id, "document": sent.document.file_id}
    await api.result("sendDocument", **reference, caption="x" * 1024)
    assert await api.refusal("sendDocument", **reference, caption="x" * 1025) == (
        400,
        "Bad Request: message caption is too long",
    )


async def test_a_file_that_is_too_big_cannot_be_fetched(bot, api, world, lan):
    message = world.send_file(lan.id, "document", bytes(20 * 1024 * 1024 + 1), name="x.bin")
    assert await api.refusal("getFile", file_id=message["document"]["file_id"]) == (
        400,
        "Bad Request: file is too big",
    )


async def test_unknown_files_are_refused(api, client, world, lan):
    wrong = (400, "Bad Request: wrong file identifier/HTTP URL specified")
    assert await api.refusal("sendDocument", chat_id=lan.id, document="x") == wrong
    code, _ = await api.refusal("getFile", file_id="x")
    assert code == 400
    answer = await client.get(f"/file/bot{world.token}/photos/none.jpg")
    assert answer.status_code == 404


async def test_old_files_are_deleted_when_there_are_too_many(lan, time):
    from bot.simulator.files import FileStore

    store = FileStore(keep_bytes=100)
    first = store.add("document", bytes(60), "a")
    second = store.add("document", bytes(60), "b")
    assert store.find(first.file_id) is None
    assert store.at(second.path) is second
