"""One reply to an album: the last, with what only the others say."""

from handlers.conversation.albums import reply_to_album
from handlers.flow.channel import Reply, Screen, Shown


def reply(text, *says):
    return Reply((Shown(Screen(text)),), says=says)


def texts(album):
    return [one.screen.text for one in album.shown]


def test_the_last_reply_stands_for_all_when_they_say_the_same():
    same = [reply("Đã nhận.\n\nCâu 3", "Đã nhận.")] * 3
    assert reply_to_album(same) == same[-1]


def test_what_only_earlier_ones_say_stands_above_once_and_in_order():
    album = reply_to_album(
        [
            reply("Cẩn thận.\n\nCâu 3", "Cẩn thận."),
            reply("Quá to.\n\nCâu 3", "Quá to."),
            reply("Quá to.\n\nCâu 3", "Quá to."),
            reply("Đã nhận.\n\nCâu 3", "Đã nhận."),
        ]
    )
    assert texts(album) == ["Cẩn thận.\n\nQuá to.\n\nĐã nhận.\n\nCâu 3"]


def test_a_last_reply_that_shows_nothing_stays_so():
    assert reply_to_album([reply("a", "b"), Reply()]) == Reply()
