"""Names of files."""

import re

from handlers.texts import plain


def slug(text: str) -> str:
    """Return the text for a file's name: small letters without marks, words joined by "-"."""
    return "-".join(plain(re.sub(r"[-_./]", " ", text)).split())
