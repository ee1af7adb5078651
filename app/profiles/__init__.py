"""Profiles: what the club sees of each member."""

from flask import Flask, url_for

from app.profiles import jobs, routes


def init_app(app: Flask) -> None:
    """Register the pages of profiles, and forget whoever leaves."""
    app.register_blueprint(routes.bp)
    with app.test_request_context():
        address = url_for("profiles.show", username="x").removesuffix("x")
    # Usernames need no quoting, and boards hold hundreds: `url_for` would take a third of the time to draw one.
    app.add_template_filter(lambda username: address + username, "profile_address")
    jobs.connect()
