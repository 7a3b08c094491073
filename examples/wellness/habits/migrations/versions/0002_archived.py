"""A habit can be put away without losing its days."""

import sqlalchemy as sa
from alembic import op

revision = "habits_0002"
down_revision = "habits_0001"
windlass = "expand"


def upgrade() -> None:
    op.add_column("habits", sa.Column("archived_at", sa.DateTime(timezone=True)), schema="habits")


def downgrade() -> None:
    op.drop_column("habits", "archived_at", schema="habits")
