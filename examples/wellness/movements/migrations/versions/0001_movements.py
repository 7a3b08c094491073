"""Movements and their row level security."""

from alembic import op

revision = "movements_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table movements.movements (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      kind text not null,
      minutes integer not null,
      moved_at timestamptz not null default now()
    );
    alter table movements.movements enable row level security, force row level security;
    create policy own on movements.movements to movements_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table movements.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on movements.alembic_version from movements_service;
    create policy owner_moves on movements.alembic_version to movements_owner
      using (true) with check (true);
    create policy service_reads on movements.alembic_version for select to movements_service
      using (true);
"""

DOWN = """
    drop policy service_reads on movements.alembic_version;
    drop policy owner_moves on movements.alembic_version;
    grant insert, update, delete on movements.alembic_version to movements_service;
    alter table movements.alembic_version no force row level security, disable row level security;
    drop table movements.movements;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
