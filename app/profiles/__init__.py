"""Profiles: what the club sees of each member."""

from flask import Flask, url_for
from markupsafe import Markup, escape

from app.profiles import jobs, routes


def init_app(app: Flask) -> None:
    """Register the pages of profiles, and forget whoever leaves."""
    app.register_blueprint(routes.bp)
    with app.test_request_context():
        address = escape(url_for("profiles.show", username="x").removesuffix("x"))

    # Boards hold hundreds: with `url_for` and a macro, names take a third of the time to draw one.
    @app.template_filter()
    def person(name: str, username: str | None) -> Markup:
        """A name that leads to its profile; `username` None: somebody who has left."""
        if not username:
            return escape(name)
        return Markup(f'<a class="person" href="{address}{escape(username)}">{escape(name)}</a>')  # noqa: S704

    jobs.connect()
