"""Who imported a roster is told by the record of acts alone, which forgets the usernames of former members."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("roster_imports") as batch_op:
        batch_op.drop_column("by")


def downgrade() -> None:
    with op.batch_alter_table("roster_imports") as batch_op:
        batch_op.add_column(sa.Column("by", sa.String(length=80), nullable=False, server_default=""))
