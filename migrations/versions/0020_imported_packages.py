"""Which packages of an archive are imported already."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("package_uploads") as batch_op:
        batch_op.add_column(sa.Column("imported", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("package_uploads") as batch_op:
        batch_op.drop_column("imported")
