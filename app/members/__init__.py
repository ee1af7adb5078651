"""Accounts: registering, logging in, roles, Kaggle usernames."""

from flask import Flask

from app.members import access, admin_routes, cli


def init_app(app: Flask) -> None:
    """Register the pages and commands of accounts."""
    access.init_app(app)
    app.register_blueprint(admin_routes.bp)  # the one blueprint, once the pages for administrators are on it
    app.cli.add_command(cli.members)
