"""The requests of the browser page."""

import asyncio
import json
from datetime import UTC, datetime

import httpx
import pytest

from bot.simulator.server import serving
from bot.simulator.telegram.world import Moment
from bot.simulator.zalo.guests import ZaloGuests
from bot.simulator.zalo.world import World as ZaloWorld

KEYS = {"inline_keyboard": [[{"text": "A", "callback_data": "a"}]]}


async def post(client, path, **body):
    answer = await client.post(path, json=body)
    return answer.status_code, answer.json()


async def test_a_telephone_is_added_and_listed(client):
    status, phone = await post(client, "/sim/phones", name="Hoa", start="ABC")
    assert status == 200
    assert phone == {
        "id": phone["id"], "name": "Hoa", "label": None, "language": "vi",
        "started": False, "blocked": False, "start": "ABC",
    }  # fmt: skip
    listed = (await client.get("/sim/phones")).json()
    assert listed["phones"] == [phone]
    assert listed["bot"] == {
        "username": "smart_commune_bot", "name": "Smart Commune", "on": True, "switchable": False,
        "renewable": False, "speaking": False, "guests": False,
    }  # fmt: skip
    assert datetime.fromisoformat(listed["now"]).tzinfo is not None


async def test_a_telephone_with_zalo_is_added_and_types_its_code(client, world):
    noted = []
    world.guests = ZaloGuests(ZaloWorld(), lambda *given: noted.append(given), lambda _: [])
    status, phone = await post(client, "/sim/phones", name="Hoa", messenger="zalo", start="ABC")
    assert (status, phone["messenger"], phone["name"]) == (200, "zalo", "Hoa")
    chat = (await client.get(f"/sim/phones/{phone['id']}/chat")).json()
    assert [one["message"]["text"] for one in chat["messages"]] == ["/start ABC"]
    assert len(noted) == 1


async def test_writing_pressing_editing_and_blocking(client, api, world):
    phone = world.add_phone("Hoa")
    base = f"/sim/phones/{phone.id}"
    assert (await post(client, f"{base}/start", payload="ABC"))[1]["ok"]
    status, written = await post(client, f"{base}/text", text="12/15")
    assert (status, written["ok"]) == (200, True)
    assert (await post(client, f"{base}/edit", message_id=written["message_id"], text="13/15"))[0] == 200  # fmt: skip
    sent = await api.result("sendMessage", chat_id=phone.id, text="x", reply_markup=KEYS)
    assert (await post(client, f"{base}/press", message_id=sent["message_id"], data="a"))[0] == 200
    assert (await post(client, f"{base}/block", blocked=True))[0] == 200
    kinds = [next(iter(update.keys() - {"update_id"})) for update in await api.result("getUpdates")]
    assert kinds == ["message", "message", "edited_message", "callback_query", "my_chat_member"]
    chat = (await client.get(f"{base}/chat")).json()
    assert [(one["mine"], one["edited"]) for one in chat["messages"]] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    assert chat["messages"][1]["message"]["text"] == "13/15"
    assert chat["commands"] == []


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sim/phones/1/text", {"text": "x"}),
        ("/sim/phones/{id}/text", {"text": " "}),
        ("/sim/phones/{id}/text", {}),
        ("/sim/phones/{id}/press", {"message_id": 99, "data": "a"}),
        ("/sim/phones/{id}/press", {"message_id": 1, "data": "no such"}),
        ("/sim/phones/{id}/edit", {"message_id": 99, "text": "x"}),
        ("/sim/clock", {"key": "hour"}),
        ("/sim/bot", {"on": False}),
        ("/sim/bot", {}),
        ("/sim/faults", {"updates": "eaten"}),
        ("/sim/faults", {"nonsense": 1}),
    ],
)
async def test_impossible_requests_are_explained(client, lan, path, body):
    status, answer = await post(client, path.format(id=lan.id), **body)
    assert 400 <= status < 500
    assert answer["error"]


async def test_files_go_both_ways(client, world, lan, picture):
    answer = await client.post(
        f"/sim/phones/{lan.id}/file",
        data={"kind": "photo", "caption": "Ảnh"},
        files={"file": ("a.png", picture, "image/png")},
    )
    assert answer.json()["ok"]
    message = lan.newest()[0].message
    assert message["caption"] == "Ảnh"
    viewed = await client.get(f"/sim/files/{message['photo'][-1]['file_id']}")
    assert viewed.content == picture
    assert (await client.get("/sim/files/none")).status_code == 404


async def test_an_uploaded_html_file_is_a_download(client, world, lan):
    message = world.send_file(
        lan.id, "document", b"<script>", name="x.html", media_type="text/html"
    )
    viewed = await client.get(f"/sim/files/{message['document']['file_id']}")
    assert viewed.headers["content-type"] == "application/octet-stream"
    assert viewed.headers["content-disposition"] == "attachment"


async def test_the_clock_moves_to_named_moments(client, world, time):
    async def move(to):
        time.now = to

    deadline = datetime(2026, 3, 9, 10, tzinfo=UTC)
    world.move_clock = move
    world.moments = lambda: [Moment("deadline", {"vi": "Hạn", "en": "Deadline"}, deadline)]
    clock = (await client.get("/sim/clock")).json()
    assert [one["key"] for one in clock["moments"]] == ["hour", "morning", "deadline"]
    for key, expected in [
        ("hour", datetime(2026, 3, 2, 3, tzinfo=UTC)),
        ("morning", datetime(2026, 3, 3, 8, tzinfo=UTC)),
        ("deadline", deadline),
    ]:
        assert (await post(client, "/sim/clock", key=key))[0] == 200
        assert time.now == expected
    moved = (await client.get("/sim/clock")).json()
    assert [one["key"] for one in moved["moments"]] == ["hour", "morning"]
    assert world.journal.after(0)[-1]["type"] == "clock"


async def test_the_bot_is_switched_off_and_on(client, world):
    turned = []

    async def turn(on):
        turned.append(on)

    world.switch_bot = turn
    for on in (False, True):
        assert await post(client, "/sim/bot", on=on) == (200, {"ok": True, "on": on})
        bot = (await client.get("/sim/phones")).json()["bot"]
        assert (bot["on"], bot["switchable"]) == (on, True)
        event = world.journal.after(0)[-1]
        assert (event["type"], event["on"]) == ("bot", on)
    assert turned == [False, True]


async def test_a_text_and_a_photo_can_answer_a_message(client, world, lan, picture):
    base = f"/sim/phones/{lan.id}"
    await post(client, f"{base}/text", text="280", reply_to=1)
    await client.post(
        f"{base}/file",
        data={"kind": "photo", "reply_to": "1"},
        files={"file": ("a.png", picture, "image/png")},
    )
    for entry in lan.newest()[:2]:
        assert entry.message["reply_to_message"]["text"] == "/start"
    lines = (await client.get("/sim/transcript")).json()["chats"][0]["messages"]
    assert [line["reply_to"] for line in lines] == [None, 1, 1]


async def test_the_transcript_has_everything_said(client, api, world, lan):
    await api.result("sendMessage", chat_id=lan.id, text="x", reply_markup=KEYS)
    transcript = (await client.get("/sim/transcript")).json()
    lines = transcript["chats"][0]["messages"]
    assert [(line["from"], line["text"], line["buttons"]) for line in lines] == [
        ("Lan", "/start", []),
        ("bot", "x", [["A"]]),
    ]


async def test_faults_can_be_requested_over_http(client, api, world, lan):
    await post(client, "/sim/faults", method="sendMessage", code=500, times=1)
    assert (await client.get("/sim/faults")).json()["faults"][0]["method"] == "sendMessage"
    assert (await api.refusal("sendMessage", chat_id=lan.id, text="x"))[0] == 500
    await post(client, "/sim/faults", limits={"overall": 1, "per_chat": None})
    await api.result("sendMessage", chat_id=lan.id, text="x")
    assert (await api.refusal("sendMessage", chat_id=lan.id, text="x"))[0] == 429
    await post(client, "/sim/faults", limits=None)
    await post(client, "/sim/faults", updates="double")
    world.send_text(lan.id, "x")
    assert world.updates.pending() == 2
    await post(client, "/sim/faults", updates="hold", chat=lan.id)
    world.send_text(lan.id, "y")
    assert world.updates.held() == 1
    await post(client, "/sim/faults", updates="release", chat=lan.id)
    assert world.updates.held() == 0


async def read_events(lines, count):
    events = []
    async for line in lines:
        if line.startswith("data: "):
            events.append(json.loads(line.removeprefix("data: ")))
        if len(events) == count:
            break
    return events


async def test_events_are_streamed_from_a_given_number(world, lan):
    bell = {"chat_id": lan.id, "text": "x", "reply_markup": KEYS}
    async with (
        serving(world) as address,
        httpx.AsyncClient(base_url=address) as client,
        client.stream("GET", "/sim/events?after=0") as stream,
    ):
        assert stream.headers["content-type"].startswith("text/event-stream")
        lines = stream.aiter_lines()
        past = await read_events(lines, 3)
        assert [event["type"] for event in past] == ["phone", "phone", "message"]
        await client.post(f"/bot{world.token}/sendMessage", json=bell)
        await client.post(
            f"/bot{world.token}/deleteMessage", json={"chat_id": lan.id, "message_id": 2}
        )
        fresh = await asyncio.wait_for(read_events(lines, 2), 5)
    assert [event["seq"] for event in past + fresh] == [1, 2, 3, 4, 5]
    assert fresh[0]["phone"] == lan.id
    assert fresh[0]["mine"] is False
    assert fresh[0]["message"]["reply_markup"] == KEYS
    assert fresh[1]["type"] == "delete"
    assert fresh[1]["message_id"] == 2


async def test_the_server_stops_while_streams_and_polls_are_open(world):
    loop = asyncio.get_running_loop()
    async with httpx.AsyncClient() as client:
        async with serving(world) as address:
            poll = asyncio.ensure_future(
                client.get(f"{address}/bot{world.token}/getUpdates?timeout=50", timeout=60)
            )
            stream = asyncio.ensure_future(client.get(f"{address}/sim/events", timeout=60))
            while not world.updates.polling:
                await world.bell.wait(1)
            began = loop.time()
        assert loop.time() - began < 2.5
        assert (await poll).json() == {"ok": True, "result": []}
        await stream


async def test_the_page_is_served(client):
    page = await client.get("/")
    assert page.status_code == 200
    assert "text/html" in page.headers["content-type"]


async def test_a_port_in_use_is_reported(world):
    async with serving(world) as address:
        port = int(address.rsplit(":", 1)[1])
        with pytest.raises(OSError, match=str(port)):
            async with serving(world, port=port):
                pass
