"""On which day a cohort's contests were last changed."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cohorts", sa.Column("contests_changed_on", sa.Date(), nullable=True))


def downgrade() -> None:
    op.drop_column("cohorts", "contests_changed_on")  # no batch: a table made anew would take its people along
