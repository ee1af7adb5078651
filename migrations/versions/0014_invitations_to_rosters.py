"""Invitations to places on rosters."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("participants", sa.Column("invitation", sa.String(length=40), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("participants", "invitation")
