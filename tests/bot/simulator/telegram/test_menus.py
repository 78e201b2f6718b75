"""Command menus per scope and language; the menu button; descriptions."""

import pytest
from telegram import BotCommand, BotCommandScopeAllPrivateChats, BotCommandScopeChat

COMMANDS = [{"command": "status", "description": "Kết quả"}]


async def test_the_narrowest_scope_and_the_persons_language_win(bot, world, lan):
    def shown():
        return [one["command"] for one in world.menus.commands_for(lan.id, lan.language)]

    await bot.set_my_commands([BotCommand("a", "A")])
    assert shown() == ["a"]
    await bot.set_my_commands([BotCommand("b", "B")], language_code="vi")
    assert shown() == ["b"]
    await bot.set_my_commands([BotCommand("c", "C")], scope=BotCommandScopeAllPrivateChats())
    assert shown() == ["c"]
    await bot.set_my_commands([BotCommand("d", "D")], scope=BotCommandScopeChat(lan.id))
    assert shown() == ["d"]
    assert [one.command for one in await bot.get_my_commands()] == ["a"]
    await bot.delete_my_commands(scope=BotCommandScopeChat(lan.id))
    assert shown() == ["c"]


@pytest.mark.parametrize(
    ("command", "description", "refused"),
    [
        ("Status", "x", "BOT_COMMAND_INVALID"),
        ("báo_cáo", "x", "BOT_COMMAND_INVALID"),
        ("x" * 33, "x", "BOT_COMMAND_INVALID"),
        ("x", "", "BOT_COMMAND_DESCRIPTION_INVALID"),
        ("x", "x" * 257, "BOT_COMMAND_DESCRIPTION_INVALID"),
    ],
)
async def test_commands_are_checked(api, command, description, refused):
    commands = [{"command": command, "description": description}]
    assert await api.refusal("setMyCommands", commands=commands) == (
        400,
        f"Bad Request: {refused}",
    )


async def test_the_menu_button(api, lan):
    assert await api.result("getChatMenuButton") == {"type": "default"}
    await api.result("setChatMenuButton", menu_button={"type": "commands"})
    assert await api.result("getChatMenuButton", chat_id=lan.id) == {"type": "commands"}


async def test_descriptions(bot):
    await bot.set_my_short_description("Ngắn", language_code="vi")
    assert (await bot.get_my_short_description("vi")).short_description == "Ngắn"
    assert (await bot.get_my_short_description()).short_description == ""
