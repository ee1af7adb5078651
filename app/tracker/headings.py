"""Which column of a roster holds what, by its heading, however it is spelled."""

import re
import unicodedata
from collections.abc import Mapping, Sequence

from app.tracker.platforms import platforms
from app.tracker.tables import Table

Mapped = dict[str, int]  # the number of a column, from 0, by field: roll_number, name, email, or a platform's key
LONGEST = 100
FIRST_ROWS = 20  # titles may stand above the headings
PEOPLE = {
    "roll_number": re.compile(
        r"((student|university|college|class|exam)?(roll|registration|register|reg[dn]?|enroll?ment|admission|hall?ticket|ht|usn|prn|urn|matrikel)"
        r"(id|no|nos|nr|num|number|nummer|code)?|(student|college|university)?id(no|number)?|(student|college)(no|number|code))s?"
    ),
    "name": re.compile(
        r"((full|student|students|candidate|candidates|participant|participants|person|member|your)*names?"
        r"|(full)?nameof(the)?(student|candidate|participant)s?|student|candidate|participant)"
    ),
    "email": re.compile(
        r"(student|college|official|university|personal|institute|institutional|your)*e?mail(id|address)?s?"
    ),
}
OF_HANDLE = re.compile(
    r"(your|my|the|of|on|in|user|name|id|handle|profile|link|url|account|address|coding|no|s|to|for|full|public|correct)*"
)
POLITE = re.compile(
    r"\b(enter|please|kindly|give|fill|write|type|paste|mention|provide|share|what|which|is|are|if|any|your|my|here)\b"
)
ASIDE = re.compile(r"[(\[][^)\]]*[)\]]?|\b(as (per|in|on)|e\.?g\b|example\b).*")
OR = re.compile(r"/|\bor\b")
MEASURE = re.compile(r"\b(ratings?|scores?|rank(ing)?|solved|problems|contests?|stars?|points|total|max|date|time)\b")


def find_headings(tables: Sequence[Table]) -> tuple[Table, int, Mapped]:
    """The table with the most headings that are known, at which of its rows they stand, and what they say.

    Where none is known it is the first row of the first table.
    """
    best: tuple[Table, int, Mapped] = (tables[0], 0, {})
    for table in tables:
        for index, (_, cells) in enumerate(table.rows[:FIRST_ROWS]):
            mapped = fields_of(cells)
            if len(mapped) > len(best[2]):
                best = (table, index, mapped)
    return best


def fields_of(headings: Sequence[str]) -> Mapped:
    """What each column holds; the first of two that say the same counts."""
    mapped: Mapped = {}
    for column, heading in enumerate(headings):
        field = field_of(heading)
        if field and field not in mapped:
            mapped[field] = column
    return mapped


def field_of(heading: str) -> str:
    """What a column of this heading holds; "" where nobody knows."""
    folded = unicodedata.normalize("NFKC", heading[:LONGEST]).casefold()
    without = "" if MEASURE.search(folded) else ASIDE.sub(" ", folded)
    either = {_known(half) for half in OR.split(without)}
    return _known(folded) or _known(without) or (either.pop() if len(either) == 1 else "")


def _known(folded: str) -> str:
    folded = POLITE.sub(" ", folded)
    text = re.sub(r"[^a-z0-9]+", "", folded)
    for field, pattern in PEOPLE.items():
        if pattern.fullmatch(text):
            return field
    words = set(re.findall(r"[a-z0-9]+", folded))
    for key, spelling in _spellings():
        is_long = len(spelling) > 3 and spelling in text
        if is_long and OF_HANDLE.fullmatch(text.replace(spelling, "", 1)):
            return key
        if spelling in words and OF_HANDLE.fullmatch("".join(words - {spelling})):
            return key
    return ""


def labels() -> Mapping[str, str]:
    """The fields there are, with what pages call them."""
    of_people = {"roll_number": "Roll number", "name": "Name", "email": "E-mail"}
    return of_people | {key: platform.name for key, platform in platforms().items()}


def _spellings() -> list[tuple[str, str]]:
    """Key and spelling, longest first: Codeforces before CF."""
    found = [
        (key, re.sub(r"[^a-z0-9]+", "", text.casefold()))
        for key, platform in platforms().items()
        for text in (key, platform.name, *platform.short_names)
    ]
    return sorted(set(found), key=lambda pair: (-len(pair[1]), pair))
