"""The mood of an entry; old entries have none."""

import sqlalchemy as sa
from alembic import op

revision = "journal_0002"
down_revision = "journal_0001"
windlass = "expand"


def upgrade() -> None:
    op.add_column(
        "entries", sa.Column("mood", sa.Text, nullable=False, server_default=""), schema="journal"
    )


def downgrade() -> None:
    op.drop_column("entries", "mood", schema="journal")
