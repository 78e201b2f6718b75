"""Telegram and Zalo served by one program: a person joins both, and gets a picture by address."""

import re
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import httpx
import pytest
from pydantic import SecretStr

from bot.bots_file import BotEntry, save_bots
from bot.sample import make_sample
from bot.simulator.zalo.server import serving
from bot.simulator.zalo.world import World as ZaloWorld
from storage.people import invitations
from tests.bot.service.test_web import free_port
from tests.zalo_phone import ZaloPhone

CODE = re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{3}-[0-9A-Z]{3}\b")


@pytest.fixture
def zalo_world(clock):
    return ZaloWorld(now=clock.now, loopback=True)


@asynccontextmanager
async def both(deployment, zalo_world, *, public=True):
    """The program with a Telegram bot and a Zalo bot, perhaps with an address on this machine."""
    port = free_port()
    address_here = f"http://127.0.0.1:{port}" if public else None
    entry = BotEntry(
        name="zalo-doi-che", messenger="zalo", commune="doi-che", token=SecretStr(zalo_world.token)
    )
    save_bots(deployment.settings.data_dir, [entry])
    async with serving(zalo_world) as address:
        deployment.settings = deployment.settings.model_copy(
            update={
                "zalo_api_url": address,
                "public_url": address_here,
                "listen": ("127.0.0.1", port),
            }
        )
        async with deployment.running() as program:
            yield program


def invited(program, sample, now, tx):
    """A short code for a leader of the sample commune."""
    made, _ = invitations.create_invitation(
        tx, "leader", now=now, expires_at=now + timedelta(days=1), commune_id=sample.commune_id
    )
    return program.deployment.short_codes.give(tx, [made.id])[0]


async def test_a_chair_joins_both_messengers_and_gets_a_picture_by_address(
    deployment, zalo_world, clock
):
    async with both(deployment, zalo_world) as program:
        sample = await program.database.write(
            lambda tx: make_sample(tx, clock.now(), deployment.settings.timezone)
        )

        short = await program.database.write(partial(invited, program, sample, clock.now()))
        zalo = ZaloPhone(zalo_world, program.idle, "Việt Zalo")
        await zalo.send(short.lower())
        assert "tên và tài khoản Zalo" in zalo.screen
        await zalo.send("1")
        assert "Đã tham gia" in zalo.screen
        await zalo.send("nối với telegram")
        code = CODE.findall(zalo.screen)[-1]
        telegram = deployment.phone("Việt")
        await telegram.send(code)
        assert "Việt Zalo" in telegram.screen
        await telegram.press("Đúng, nối lại")
        await zalo.send("đã nhắn mã")
        assert "Việt" in zalo.screen
        await zalo.send("1")
        assert "Đã nối với Telegram" in zalo.screen
        await telegram.send("/tinhhinh")
        assert "Xã Đồi Chè" in telegram.screen
        await zalo.send("/tinhhinh")
        assert "Xã Đồi Chè" in zalo.screen
        await zalo.send("biểu đồ")
        assert "bot: [photo] Xã Đồi Chè" in zalo.transcript()
        await zalo.send("bản excel")
        address = re.search(r"http://\S+", "\n".join(zalo.screens))[0]
        assert "mở được trong 15 phút" in "\n".join(zalo.screens)
        async with httpx.AsyncClient() as web:
            book = await web.get(address)
            assert (book.status_code, book.content[:2]) == (200, b"PK")
            clock.move_to(clock.now() + timedelta(minutes=16))
            assert (await web.get(address)).status_code == 404


async def test_without_a_public_address_the_text_says_what_to_do(deployment, zalo_world, clock):
    async with both(deployment, zalo_world, public=False) as program:
        sample = await program.database.write(
            lambda tx: make_sample(tx, clock.now(), deployment.settings.timezone)
        )
        code = await program.database.write(partial(invited, program, sample, clock.now()))
        zalo = ZaloPhone(zalo_world, program.idle, "Việt Zalo")
        for text in (code, "1", "/tinhhinh", "bản excel"):
            await zalo.send(text)
        assert "“📋 Chép gửi Zalo”" in "\n".join(zalo.screens)
        assert "http" not in "\n".join(zalo.screens)
