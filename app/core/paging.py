"""Pages of a long list."""

from dataclasses import dataclass
from math import ceil

from flask import request

PER_PAGE = 50


@dataclass(frozen=True)
class Paging:
    """Which slice of `total` rows is shown: pages are numbered from 1, `per_page` rows each."""

    page: int
    total: int
    per_page: int = PER_PAGE

    @property
    def pages(self) -> int:
        return max(1, ceil(self.total / self.per_page))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.per_page

    @property
    def first(self) -> int:
        return min(self.offset + 1, self.total)

    @property
    def last(self) -> int:
        return min(self.offset + self.per_page, self.total)


def page_asked() -> int:
    """The number of the page that the address asks for by `page`, 1 where it makes no sense; there may be fewer."""
    asked = request.args.get("page", "1")
    return max(int(asked), 1) if asked.isdecimal() and len(asked) < 10 else 1


def paging(total: int, per_page: int = PER_PAGE) -> Paging:
    """The page that the address asks for by `page`; a number out of range gives the nearest page there is."""
    last = max(1, ceil(total / per_page))
    return Paging(min(page_asked(), last), total, per_page)
