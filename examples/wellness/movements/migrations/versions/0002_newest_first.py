"""An index for the newest movements of a user."""

from alembic import op

revision = "movements_0002"
down_revision = "movements_0001"
windlass = "expand"


def upgrade() -> None:
    op.create_index("movements_newest", "movements", ["user_id", "moved_at"], schema="movements")


def downgrade() -> None:
    op.drop_index("movements_newest", "movements", schema="movements")
