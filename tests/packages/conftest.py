"""Packages on their way in."""

import pytest

from app.packages import service
from app.packages.reading import folders_in, opened, read_archive
from app.problems.service import publish_problem
from tests.packages.make import changed, zipped


@pytest.fixture
def examined(app):
    """examined(changes): the package with its report, its solutions really judged."""

    def examine(changes=None, folder="twice"):
        files = opened(zipped(changed(changes or {}), folder))
        package = read_archive(files, folders_in(files)[0], "upload.zip")
        return package, service.examine(package, lambda _sentence, _seconds: None)

    return examine


@pytest.fixture
def imported(app, examined):
    """imported(changes, is_published=...): the problem that came of the package; by hand what nothing judged."""

    def run(changes=None, *, is_published=True):
        problem = service.import_package(*examined(changes), is_published=is_published)
        if is_published and app.config["JUDGE"] == "none":
            publish_problem(problem.id)
        return problem

    return run


@pytest.fixture
def without_judge(app):
    """Nothing is judged: for tests that are about something else, and quicker so."""
    before, app.config["JUDGE"] = app.config["JUDGE"], "none"
    yield
    app.config["JUDGE"] = before


@pytest.fixture
def organiser(client, make_member, log_in):
    """Whoever brings packages in."""
    return log_in(client, make_member("olga", role="organiser"))
