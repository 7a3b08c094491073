"""The distance in metres, where there is one."""

import sqlalchemy as sa
from alembic import op

revision = "movements_0003"
down_revision = "movements_0002"
windlass = "expand"


def upgrade() -> None:
    op.add_column("movements", sa.Column("metres", sa.Integer), schema="movements")


def downgrade() -> None:
    op.drop_column("movements", "metres", schema="movements")
