"""The tiers that ratings fall into."""

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True)
class Tier:
    """A span of ratings from `least` up to the next tier's; `key` names its colour in style sheets."""

    key: str
    word: str
    least: float


TIERS = (
    Tier("newbie", "Newbie", 0.0),
    Tier("beginner", "Beginner", 1200.0),
    Tier("intermediate", "Intermediate", 1400.0),
    Tier("advanced", "Advanced", 1600.0),
    Tier("expert", "Expert", 1800.0),
    Tier("master", "Master", 2000.0),
    Tier("international-master", "International Master", 2200.0),
    Tier("grandmaster", "Grandmaster", 2400.0),
)
_LEAST = [tier.least for tier in TIERS]


def tier_of(rating: float) -> Tier:
    """The tier of a rating as it is, not as it is rounded: 1199.9 is still a Newbie's."""
    return TIERS[bisect_right(_LEAST, rating) - 1]
