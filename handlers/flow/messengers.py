"""The name by which people know a messenger: the one place that says it."""

from handlers.texts import Html, Texts


def messenger_name(channel: str, texts: Texts) -> Html:
    """The messenger's name; a general word for a channel that has none, such as the terminal."""
    key = f"messenger.{channel}"
    return texts.say(key if texts.has(key) else "messenger.other")
