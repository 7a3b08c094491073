"""An index for the newest suggestions of a user."""

from alembic import op

revision = "agent_0003"
down_revision = "agent_0002"
windlass = "expand"


def upgrade() -> None:
    op.create_index("suggestions_newest", "suggestions", ["user_id", "given_at"], schema="agent")


def downgrade() -> None:
    op.drop_index("suggestions_newest", "suggestions", schema="agent")
