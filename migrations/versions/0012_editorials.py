"""Editorials of problems, and who gave a problem up."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "given_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problem_id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name=op.f("fk_given_up_member_id")),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_given_up_problem_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_given_up")),
        sa.UniqueConstraint("problem_id", "member_id", name=op.f("uq_given_up_problem_id_member_id")),
    )
    with op.batch_alter_table("given_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_given_up_member_id"), ["member_id"], unique=False)

    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.add_column(sa.Column("editorial_source", sa.Text(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("editorial_html", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:

    with op.batch_alter_table("problems", schema=None) as batch_op:
        batch_op.drop_column("editorial_html")
        batch_op.drop_column("editorial_source")

    with op.batch_alter_table("given_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_given_up_member_id"))

    op.drop_table("given_up")
