"""An index for the newest meals of a user."""

from alembic import op

revision = "meals_0003"
down_revision = "meals_0002"
windlass = "expand"


def upgrade() -> None:
    op.create_index("meals_newest", "meals", ["user_id", "eaten_at"], schema="meals")


def downgrade() -> None:
    op.drop_index("meals_newest", "meals", schema="meals")
