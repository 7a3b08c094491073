"""The energy of a meal in kcal; 0 where nobody counted."""

import sqlalchemy as sa
from alembic import op

revision = "meals_0002"
down_revision = "meals_0001"
windlass = "expand"


def upgrade() -> None:
    op.add_column(
        "meals", sa.Column("kcal", sa.Integer, nullable=False, server_default="0"), schema="meals"
    )


def downgrade() -> None:
    op.drop_column("meals", "kcal", schema="meals")
