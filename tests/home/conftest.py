"""The start page stands on competitions that are over, as ratings do."""

from tests.ratings.conftest import make_over, make_rated, people  # noqa: F401  (fixtures)
