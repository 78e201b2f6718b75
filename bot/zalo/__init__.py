"""Zalo: its Bot API, its events, its texts. Not tried against Zalo itself, only against
`bot/simulator/zalo`, which has the reported facts as its tests.
"""
