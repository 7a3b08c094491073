"""An index for the redemptions of a user."""

from alembic import op

revision = "users_0003"
down_revision = "users_0002"
windlass = "expand"


def upgrade() -> None:
    op.create_index("redemptions_by_user", "redemptions", ["user_id"], schema="users")


def downgrade() -> None:
    op.drop_index("redemptions_by_user", "redemptions", schema="users")
