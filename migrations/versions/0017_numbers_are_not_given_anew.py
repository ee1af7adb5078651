"""Numbers of cohorts and of people on rosters are not given anew, on SQLite either."""

# ruff: noqa: S608  (all names of tables stand below)
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

RENUMBERED = ("cohorts", "participants")
# With those whose rows go when a cohort's or a participant's does, each after what it refers to.
KEPT = (*RENUMBERED, "handles", "snapshots", "roster_uploads", "roster_imports")


def _recreate(**options: bool) -> None:
    """SQLite says it where a table is created, and dropping one takes what refers to it along: all rows step aside."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for name in KEPT:
        op.execute(f"CREATE TEMPORARY TABLE kept_{name} AS SELECT * FROM {name}")
    for name in reversed(KEPT):
        op.execute(f"DELETE FROM {name}")
    for name in RENUMBERED:
        with op.batch_alter_table(name, recreate="always", table_kwargs=options):
            pass
    for name in KEPT:
        op.execute(f"INSERT INTO {name} SELECT * FROM kept_{name}")
        op.execute(f"DROP TABLE kept_{name}")


def upgrade() -> None:
    _recreate(sqlite_autoincrement=True)


def downgrade() -> None:
    _recreate()
