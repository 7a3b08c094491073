"""An index for the habits of a user."""

from alembic import op

revision = "habits_0003"
down_revision = "habits_0002"
windlass = "expand"


def upgrade() -> None:
    op.create_index("habits_by_user", "habits", ["user_id", "name"], schema="habits")


def downgrade() -> None:
    op.drop_index("habits_by_user", "habits", schema="habits")
