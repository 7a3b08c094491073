"""An index for the newest practices of a user."""

from alembic import op

revision = "practices_0002"
down_revision = "practices_0001"
windlass = "expand"


def upgrade() -> None:
    op.create_index(
        "practices_newest", "practices", ["user_id", "practised_at"], schema="practices"
    )


def downgrade() -> None:
    op.drop_index("practices_newest", "practices", schema="practices")
