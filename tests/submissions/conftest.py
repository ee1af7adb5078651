"""A problem to solve: print twice the number that is read."""

from collections.abc import Callable
from typing import Any

import pytest

from app.problems.models import Problem
from app.problems.pairs import Pair
from tests.conftest import HIDDEN


@pytest.fixture
def make_double(make_problem: Callable[..., Problem]) -> Callable[..., Problem]:
    """make_double("double", samples=("21",), hidden=("20711",), ...): published."""

    def make(
        slug: str = "double", *, samples: tuple[str, ...] = ("21",), hidden: tuple[str, ...] = (HIDDEN,), **details: Any
    ) -> Problem:
        pairs = [pair(number, text, number < len(samples)) for number, text in enumerate((*samples, *hidden))]
        return make_problem(slug, pairs=pairs, **details)

    return make


def pair(number: int, text: str, is_sample: bool) -> Pair:
    return Pair(f"{number:03}", is_sample, f"{text}\n".encode(), f"{2 * int(text)}\n".encode())
