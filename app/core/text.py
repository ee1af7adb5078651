"""What people type, made fit to store: no control characters, which PostgreSQL and terminals stumble over."""

import re
import unicodedata

LONGEST_SLUG = 60
# /events/new, /competitions/import and such are pages.
RESERVED_SLUGS = frozenset({"new", "import", "scale", "random", "preview", "leaderboard"})
TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")  # and what is unseen
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_RULE = f"Small letters, digits and single hyphens, at most {LONGEST_SLUG}, such as “neural-night-3”."


def one_line(text: str) -> str:
    """`text` on one line, with single spaces and none at its edges."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if _is_control(mark) else mark for mark in text).split())


def many_lines(text: str) -> str:
    """`text` with plain line ends and without edge space."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in text if mark in "\n\t" or not _is_control(mark)).strip()


def slug_of(title: str) -> str:
    """The address a title suggests: "Neural Night 3" -> "neural-night-3"; empty without Latin letters."""
    ascii_text = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:LONGEST_SLUG].strip("-")


def slug_fault(text: str) -> str | None:
    """Why `text` cannot be the last part of an address, as a sentence; None where it can."""
    if text in RESERVED_SLUGS:
        return f"The site has a page of its own at “{text}”; choose another word."
    return None if len(text) <= LONGEST_SLUG and SLUG.fullmatch(text) else SLUG_RULE


def _is_control(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cs") or mark in TURNS_TEXT_ROUND
