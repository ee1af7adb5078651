"""Points are of those who have a place: the next board of a finished competition may never come, so they go here."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE entries SET points = NULL WHERE place IS NULL")


def downgrade() -> None:
    """Points are worked out anew by the next board."""
