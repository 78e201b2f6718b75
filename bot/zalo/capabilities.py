"""What Zalo can do, as far as it is known."""

from bot.zalo.markup import LONGEST
from handlers.flow.channel import Capabilities

ZALO = Capabilities(
    messenger="zalo",
    buttons=False,
    edits=False,
    documents=False,
    pictures="address",
    typing_sign=True,
    longest_text=LONGEST,
    unasked=True,
    blocks_told=False,
    ordered_ids=False,  # a message's id is about 20 hexadecimal digits
)
