"""The messenger Zalo: its Bot API, its events, its texts.

It was tried only against `bot/simulator/zalo`, whose tests hold what is reported of Zalo; it was
never tried against Zalo itself.
"""
