"""What a user noticed, where anything was."""

import sqlalchemy as sa
from alembic import op

revision = "practices_0003"
down_revision = "practices_0002"
windlass = "expand"


def upgrade() -> None:
    op.add_column("practices", sa.Column("note", sa.Text), schema="practices")


def downgrade() -> None:
    op.drop_column("practices", "note", schema="practices")
