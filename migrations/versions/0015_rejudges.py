"""Rejudges, and the submissions in them."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "rejudges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=True),
        sa.Column("problem_id", sa.Integer(), nullable=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rules", sa.JSON(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("dropped_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["problem_id"], ["problems.id"], name=op.f("fk_rejudges_problem_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rejudges_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudges")),
    )
    op.create_table(
        "rejudge_items",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("rejudge_id", sa.Integer(), nullable=False),
        sa.Column("submission_id", sa.Integer(), nullable=False),
        sa.Column("lane", sa.Integer(), nullable=False),
        sa.Column("old_verdict", sa.String(length=3), nullable=False),
        sa.Column("judging_id", sa.Integer(), nullable=True),
        sa.Column("is_applied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["judging_id"], ["judgings.id"], name=op.f("fk_rejudge_items_judging_id")),
        sa.ForeignKeyConstraint(["rejudge_id"], ["rejudges.id"], name=op.f("fk_rejudge_items_rejudge_id")),
        sa.ForeignKeyConstraint(["submission_id"], ["submissions.id"], name=op.f("fk_rejudge_items_submission_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rejudge_items")),
        sa.UniqueConstraint("rejudge_id", "submission_id", name=op.f("uq_rejudge_items_rejudge_id_submission_id")),
    )
    with op.batch_alter_table("rejudge_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rejudge_items_submission_id"), ["submission_id"], unique=False)
        batch_op.create_index(
            "ix_rejudge_items_unjudged",
            ["rejudge_id", "lane", "id"],
            unique=False,
            sqlite_where=sa.text("judging_id IS NULL"),
            postgresql_where=sa.text("judging_id IS NULL"),
        )


def downgrade() -> None:

    with op.batch_alter_table("rejudge_items", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_rejudge_items_unjudged",
            sqlite_where=sa.text("judging_id IS NULL"),
            postgresql_where=sa.text("judging_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_rejudge_items_submission_id"))

    op.drop_table("rejudge_items")
    op.drop_table("rejudges")
