"""Meals and their row level security."""

from alembic import op

revision = "meals_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table meals.meals (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      name text not null,
      eaten_at timestamptz not null default now()
    );
    alter table meals.meals enable row level security, force row level security;
    create policy own on meals.meals to meals_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table meals.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on meals.alembic_version from meals_service;
    create policy owner_moves on meals.alembic_version to meals_owner
      using (true) with check (true);
    create policy service_reads on meals.alembic_version for select to meals_service
      using (true);
"""

DOWN = """
    drop policy service_reads on meals.alembic_version;
    drop policy owner_moves on meals.alembic_version;
    grant insert, update, delete on meals.alembic_version to meals_service;
    alter table meals.alembic_version no force row level security, disable row level security;
    drop table meals.meals;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
