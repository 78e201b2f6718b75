"""A strict local Zalo: its Bot API over HTTP, and the telephones of people who use it.

Built from reports of others about Zalo's Bot API, none of it tried against Zalo itself. Where they
disagree, a switch of the world chooses; what nobody has reported is refused.
"""
