"""A strict local Zalo: its Bot API over HTTP, and the telephones of people who use it.

It is built from published reports about Zalo's Bot API and wasn't compared with Zalo itself. Where
reports disagree, `world.Variants` selects one; what nobody has reported is refused.
"""
