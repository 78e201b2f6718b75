from zoneinfo import ZoneInfo

from handlers.status.areas import *
from handlers.status.copying import *
from handlers.status.indicators import *
from handlers.status.machine import status_fields
from handlers.status.overview import overview
from handlers.status.own import own_screen
from handlers.status.todo import todo_screen
from handlers.texts import texts_of

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def show(s):
    print("-" * 60)
    print(s.text)
    print()
    for r in s.rows:
        print(" | ".join(f"[{b.label}]" for b in r))
    print(len(s.text), s.text.count("\n") + 1)


def test_look(commune):
    for l in ("vi", "en"):
        t = texts_of(l)
        p = commune.picture()
        show(overview(p, t, ZONE, officer=True, own=True))
        show(areas_screen(p, 0, t))
        show(area_screen(p, commune.areas[3], t))
        show(indicators_screen(p, 1, t))
        for c in ("HT1", "HT2", "CQ3", "KT2"):
            show(indicator_screen(p, c, 0, t, officer=True))
        show(todo_screen(p, t))
        show(copy_screen(p, t, ZONE))
        show(own_screen([(p, (commune.areas[10],))], t, ZONE))
    print(status_fields(p))
    assert 0
