"""An officer changes a figure: the old value, what changes, and what stays."""

from criteria.answers import Ratio
from storage.places import places


async def test_a_figure_can_be_set_by_pressing(officer, figures, changes):
    await officer.press("Khu 1")
    assert officer.screen.startswith("🏘 Khu 1: sửa gì ạ?")
    await officer.press("✏️ Trưởng thành: 400")
    assert officer.screen.startswith("Khu 1, người trưởng thành: số đúng là bao nhiêu ạ?")
    assert "Đang ghi: 400" in officer.screen
    await officer.send("412 người")
    assert officer.screen.startswith("Khu 1, người trưởng thành: 400 → 412. Ghi không ạ?")
    assert "Tháng 3/2026" in officer.screen
    assert "chưa biết" not in officer.screen
    assert (await figures("Khu 1"))["adults"] == 400
    await officer.press("✅ Ghi")
    assert (await figures("Khu 1"))["adults"] == 412
    assert "✅ Đã ghi người trưởng thành: 412" in officer.screen
    assert "✏️ Trưởng thành: 412" in officer.buttons
    newest = (await changes("Khu 1"))[0]
    assert newest == ("figure", "Mai", {"v": 1, "kind": "adults", "value": 412})


async def test_a_figure_can_be_set_by_typing(officer, figures):
    for text in ("khu 3", "trưởng thành", "hơn 400", "1.234"):
        await officer.send(text)
    assert "chưa có → 1.234. Ghi không ạ?" in officer.screen
    assert "Điện thoại thông minh: tổng số cả xã chưa có → 2.034" in officer.screen
    await officer.send("1.243")  # another number at the preview replaces the first
    assert "chưa có → 1.243. Ghi không ạ?" in officer.screen
    await officer.send("1234")
    await officer.send("ghi")
    assert await figures("Khu 3") == {"adults": 1234}
    await officer.send("trưởng thành -5")
    assert "nhỏ hơn 0" in officer.screen
    await officer.send("quay lại")
    for text in ("tuổi lao động 320", "ghi"):
        await officer.send(text)
    assert await figures("Khu 3") == {"adults": 1234, "working_age": 320}


async def test_an_unclear_figure_is_asked_again(officer, figures):
    await officer.press("Khu 1")
    await officer.press("✏️ Trưởng thành")
    for text, sentence in (
        ("không rõ", "Chưa rõ là số nào"),
        ("-5", "nhỏ hơn 0"),
        ("400", "Đang ghi đúng là 400 rồi"),
    ):
        await officer.send(text)
        assert sentence in officer.screen
        assert "số đúng là bao nhiêu ạ?" in officer.screen
    await officer.send("quay lại")
    assert officer.screen.startswith("🏘 Khu 1")
    assert (await figures("Khu 1"))["adults"] == 400


async def test_a_part_cannot_be_larger_than_the_population(officer, figures):
    for text in ("khu 1", "dân số", "500", "ghi", "trưởng thành", "600"):
        await officer.send(text)
    assert "người trưởng thành 600 nhiều hơn dân số 500" in officer.screen
    for text in ("quay lại", "dân số", "300"):
        await officer.send(text)
    assert "người trưởng thành 400 nhiều hơn dân số 300" in officer.screen
    assert await figures("Khu 1") == {
        "adults": 400, "area_cadres": 5, "population": 500, "service_businesses": 10,
        "working_age": 300,
    }  # fmt: skip


async def test_a_stored_answer_stays_and_is_marked(village, officer, marks):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝")
    await hung.send("350")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(350, 400)
    for text in ("khu 1", "trưởng thành", "412"):
        await officer.send(text)
    assert "đã trả lời 350/400" in officer.screen
    assert "giữ nguyên, chờ xã chốt tổng số" in officer.screen
    await officer.press("✅ Ghi")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(350, 400)
    assert (await marks("Khu 1"))["HT1"] == 412
    for text in ("trưởng thành", "400", "ghi"):
        await officer.send(text)
    assert (await marks("Khu 1"))["HT1"] is None
    await officer.send("/lichsu khu 1")
    assert "350/400 = 87,5 %, tổng số nay khớp với xã" in officer.screen
    assert "giữ 350/400 = 87,5 %, tổng số của xã nay là 412" in officer.screen


async def test_a_later_question_uses_the_new_figure(village, officer):
    hung = await village.joined("Hùng", area="Khu 1")
    for text in ("khu 1", "trưởng thành", "412", "ghi"):
        await officer.send(text)
    await hung.press("📝")
    assert "412" in hung.screen
    await hung.send("350")
    assert (await village.answers("Khu 1"))["HT1"] == Ratio(350, 412)


async def test_a_figure_that_another_officer_wrote_is_shown_first(village, officer, figures):
    for text in ("khu 1", "trưởng thành", "412"):
        await officer.send(text)
    now = village.deployment.clock.now()
    await village.database.write(
        lambda tx: places.set_figure(tx, village.areas["Khu 1"], "adults", 405, now, way="import")
    )
    await officer.press("✅ Ghi")
    assert "vừa có người sửa" in officer.screen
    assert "405 → 412. Ghi không ạ?" in officer.screen
    assert (await figures("Khu 1"))["adults"] == 405
    await officer.press("✅ Ghi")
    assert (await figures("Khu 1"))["adults"] == 412


async def test_the_office_has_its_own_figure(officer, village):
    await officer.press("Văn phòng xã")
    assert not any("🏷" in one for one in officer.buttons)
    for text in ("cán bộ xã", "21", "ghi"):
        await officer.send(text)
    look = lambda tx: places.figures_of(tx, village.office)  # noqa: E731
    assert await village.database.read(look) == {"commune_cadres": 21}


async def test_the_actions_lead_to_the_missing_figure(village, officer, figures):
    await officer.send("/tinhhinh")
    await officer.press("🎯 Việc cần làm")
    await officer.press("✏️ Ghi số: Khu 3")
    assert officer.screen.startswith("Khu 3,")
    leader = await village.joined("Sơn", role="leader")
    await leader.send("/tinhhinh")
    await leader.press("🎯 Việc cần làm")
    assert "Ghi số" not in " ".join(leader.buttons)


async def test_writing_the_figure_settles_the_total_of_the_area(village, officer, marks):
    hung = await village.joined("Hùng", area="Khu 1")
    await hung.press("📝")
    await hung.send("350/412")
    assert (await marks("Khu 1"))["HT1"] == 400
    for text in ("khu 1", "trưởng thành", "412"):
        await officer.send(text)
    assert "đã trả lời 350/412 = 84,95 %, tổng số khớp" in officer.screen
    assert "tổng số cả xã" not in officer.screen  # another area has none
    await officer.press("✅ Ghi")
    assert (await marks("Khu 1"))["HT1"] is None
