"""Whoever writes problems."""

import pytest


@pytest.fixture
def organiser(client, make_member, log_in):
    return log_in(client, make_member("olga", role="organiser"))
