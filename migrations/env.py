"""How Alembic reaches the application's database, for `flask db ...`."""

from typing import Any, Literal

from alembic import context
from flask import current_app

from app.core.db import UtcDateTime, transaction
from app.extensions import db


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations name plain types: they must still run when our own ones have changed."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def migrate() -> None:
    """Run what is asked for in one write transaction: processes that start together migrate one after another."""
    with transaction():
        context.configure(
            connection=db.session.connection(),
            target_metadata=db.metadata,
            render_item=render_item,
            **current_app.extensions["migrate"].configure_args,
        )
        context.run_migrations()


migrate()
