"""The demo: one command starts everything, and nothing is left at the end."""

import json
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from bot.demo import where

ROOT = Path(__file__).parents[2]


@pytest.fixture
def demo(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "demo", "--port", "0", "--no-browser"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={"PYTHONPATH": str(ROOT), "PATH": "", "TMPDIR": str(tmp_path),
             "TELEGRAM_BOT_TOKEN": "1:a-token-of-somebody", "WEBHOOK_URL": "https://example.org"},
    )  # fmt: skip
    yield process
    if process.poll() is None:
        process.kill()
    process.wait(10)
    process.stdout.close()


def ask(address, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(address + path, data, {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=10) as answer:
        return json.load(answer)


def test_the_demo_answers_and_leaves_nothing(demo, tmp_path):
    line = demo.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:\d+", line)[0]
    phones = ask(address, "/sim/phones")["phones"]
    assert len(phones) == 6
    assert [phone["name"] for phone in phones if phone.get("messenger") == "zalo"] == [
        "Đỗ Văn Bình"
    ]
    assert len([phone for phone in phones if phone["start"]]) == 1
    (chair,) = (phone["id"] for phone in phones if "Chủ tịch" in phone["label"]["vi"])
    ask(address, f"/sim/phones/{chair}/text", {"text": "/status"})
    end = time.monotonic() + 10
    while "Xã Đồi Chè" not in (said := last_text(address, chair)) or "/13" not in said:
        assert time.monotonic() < end, said
        time.sleep(0.05)
    clock = ask(address, "/sim/clock")
    keys = [moment["key"] for moment in clock["moments"]]
    assert "deadline" in keys
    ask(address, "/sim/clock", {"key": "deadline"})
    assert ask(address, "/sim/clock")["now"] > clock["now"]
    demo.send_signal(signal.SIGINT)
    assert demo.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


def test_a_bot_that_is_switched_off_behaves_like_a_stopped_process(demo):
    address = re.search(r"http://127\.0\.0\.1:\d+", demo.stdout.readline())[0]
    phones = ask(address, "/sim/phones")["phones"]
    (chair,) = (phone["id"] for phone in phones if "Chủ tịch" in phone["label"]["vi"])
    assert ask(address, "/sim/bot", {"on": False}) == {"ok": True, "on": False}
    said = len(ask(address, f"/sim/phones/{chair}/chat")["messages"])
    ask(address, f"/sim/phones/{chair}/text", {"text": "/status"})
    ask(address, "/sim/clock", {"key": "close"})
    assert len(ask(address, f"/sim/phones/{chair}/chat")["messages"]) == said + 1
    assert ask(address, "/sim/bot", {"on": True}) == {"ok": True, "on": True}
    end = time.monotonic() + 10
    while "/13" not in (answer := last_text(address, chair)):
        assert time.monotonic() < end, answer
        time.sleep(0.05)
    ask(address, "/sim/bot", {"on": False})
    demo.send_signal(signal.SIGINT)
    assert demo.wait(10) == 0


def last_text(address, phone):
    messages = ask(address, f"/sim/phones/{phone}/chat")["messages"]
    theirs = [entry["message"].get("text", "") for entry in messages if not entry["mine"]]
    return theirs[-1] if theirs else ""


def test_a_port_in_use_is_reported_in_one_sentence(telegram):
    port = telegram.address.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--port", port],
        cwd=ROOT, capture_output=True, text=True, timeout=20, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"Error: Nothing can listen on 127.0.0.1, port {port} (in use?); choose another with --port."
    )


def test_a_demo_that_listens_everywhere_names_addresses_that_open():
    assert where("http://127.0.0.1:8770") == [
        "The demo runs at http://127.0.0.1:8770 (Ctrl-C ends it)."
    ]
    here, others = where("http://0.0.0.0:8770")
    assert "http://127.0.0.1:8770" in here
    assert "port 8770 of this machine's address" in others
