"""Names of files."""

import re

from handlers.texts import plain


def slug(text: str) -> str:
    """The text for the name of a file: small letters without marks, words joined by "-"."""
    return "-".join(plain(re.sub(r"[-_./]", " ", text)).split())
