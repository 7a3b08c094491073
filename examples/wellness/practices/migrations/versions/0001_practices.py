"""Practices and their row level security."""

from alembic import op

revision = "practices_0001"
down_revision = None
windlass = "expand"

# Rows belong to the user whose verified claims the service has put into the session.
OWN = (
    "user_id = (select nullif(current_setting('request.jwt.claims', true), '')::jsonb"
    " ->> 'sub')::uuid"
)

UP = f"""
    create table practices.practices (
      id uuid primary key default gen_random_uuid(),
      user_id uuid not null,
      name text not null,
      minutes integer not null,
      practised_at timestamptz not null default now()
    );
    alter table practices.practices enable row level security, force row level security;
    create policy own on practices.practices to practices_service using ({OWN}) with check ({OWN});

    -- The service may read its version, never move it.
    alter table practices.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on practices.alembic_version from practices_service;
    create policy owner_moves on practices.alembic_version to practices_owner
      using (true) with check (true);
    create policy service_reads on practices.alembic_version for select to practices_service
      using (true);
"""

DOWN = """
    drop policy service_reads on practices.alembic_version;
    drop policy owner_moves on practices.alembic_version;
    grant insert, update, delete on practices.alembic_version to practices_service;
    alter table practices.alembic_version no force row level security, disable row level security;
    drop table practices.practices;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
