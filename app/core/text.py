"""What people type, made fit to store: no control characters, which PostgreSQL and terminals stumble over."""

import re
import unicodedata

LONGEST_SLUG = 60
# /events/new, /competitions/import and such are pages.
RESERVED_SLUGS = frozenset({"new", "import", "scale", "random", "preview", "leaderboard"})
TURNS_TEXT_ROUND = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")  # and what is unseen
# Letters and signs by their category that nevertheless show nothing: fillers of Hangul, and of Braille.
BLANK_LETTERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_RULE = f"Small letters, digits and single hyphens, at most {LONGEST_SLUG}, such as “neural-night-3”."


def one_line(text: str) -> str:
    """`text` on one line, with single spaces and none at its edges."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    return " ".join("".join(" " if _is_control(mark) else mark for mark in text).split())


def many_lines(text: str) -> str:
    """`text` with plain line ends and without edge space."""
    return program_text(text).strip()


def program_text(text: str) -> str:
    """`text` with plain line ends and all its white space; empty where there is nothing else."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = "".join(mark for mark in text if mark in "\n\t" or not _is_control(mark))
    return kept if kept.strip() else ""


def is_visible(text: str) -> bool:
    """Whether anybody could see a name or title like this: whether a letter, digit or sign is in it."""
    return any(unicodedata.category(mark)[0] in "LNPS" and mark not in BLANK_LETTERS for mark in text)


def slug_of(title: str) -> str:
    """The address a title suggests: "Neural Night 3" -> "neural-night-3"; empty without Latin letters."""
    ascii_text = unicodedata.normalize("NFKD", title.casefold()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text)[:LONGEST_SLUG].strip("-")


def slug_fault(text: str) -> str | None:
    """Why `text` cannot be the last part of an address, as a sentence; None where it can."""
    if text in RESERVED_SLUGS:
        return f"The site has a page of its own at “{text}”; choose another word."
    return None if len(text) <= LONGEST_SLUG and SLUG.fullmatch(text) else SLUG_RULE


def _is_control(mark: str) -> bool:
    return unicodedata.category(mark) in ("Cc", "Cs") or mark in TURNS_TEXT_ROUND
