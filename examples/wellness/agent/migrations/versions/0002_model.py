"""Which model gave a suggestion."""

import sqlalchemy as sa
from alembic import op

revision = "agent_0002"
down_revision = "agent_0001"
windlass = "expand"


def upgrade() -> None:
    op.add_column(
        "suggestions",
        sa.Column("model", sa.Text, nullable=False, server_default=""),
        schema="agent",
    )


def downgrade() -> None:
    op.drop_column("suggestions", "model", schema="agent")
