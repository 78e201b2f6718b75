"""One reply to an album: the last reply, with sentences of the others."""

from handlers.conversation.albums import reply_to_album
from handlers.flow.channel import Reply, Screen, Shown


def reply(text, *says):
    return Reply((Shown(Screen(text)),), says=says)


def texts(album):
    return [one.screen.text for one in album.shown]


def test_equal_replies_to_an_album_become_the_last_one():
    same = [reply("Đã nhận.\n\nCâu 3", "Đã nhận.")] * 3
    assert reply_to_album(same) == same[-1]


def test_sentences_of_earlier_replies_are_shown_once_above_the_last_reply():
    album = reply_to_album(
        [
            reply("Cẩn thận.\n\nCâu 3", "Cẩn thận."),
            reply("Quá to.\n\nCâu 3", "Quá to."),
            reply("Quá to.\n\nCâu 3", "Quá to."),
            reply("Đã nhận.\n\nCâu 3", "Đã nhận."),
        ]
    )
    assert texts(album) == ["Cẩn thận.\n\nQuá to.\n\nĐã nhận.\n\nCâu 3"]


def test_an_empty_last_reply_stays_empty():
    assert reply_to_album([reply("a", "b"), Reply()]) == Reply()
