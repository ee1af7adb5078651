"""Who was linked to a place on a roster is kept by number: a username would outlive its account."""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("UPDATE audit_records SET after = NULL WHERE act = 'link participant'")


def downgrade() -> None:
    """What was let go of does not come back."""
