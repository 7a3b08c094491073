"""Profiles and their row level security; users see their own through the REST door as well."""

from alembic import op

revision = "users_0001"
down_revision = None
windlass = "expand"

CLAIMS = "(select nullif(current_setting('request.jwt.claims', true), '')::jsonb)"
OWN = f"user_id = ({CLAIMS} ->> 'sub')::uuid"
ADMIN = f"({CLAIMS} ->> 'role') = 'service_role'"

UP = f"""
    create table users.profiles (
      user_id uuid primary key,
      email text,
      created_at timestamptz not null default now()
    );
    alter table users.profiles enable row level security, force row level security;
    create policy own on users.profiles to users_service using ({OWN}) with check ({OWN});
    create policy admin on users.profiles to users_service using ({ADMIN});
    create policy own_rest on users.profiles for select to authenticated using ({OWN});
    grant usage on schema users to authenticated, service_role;
    grant select on users.profiles to authenticated, service_role;

    -- The service may read its version, never move it.
    alter table users.alembic_version enable row level security, force row level security;
    revoke insert, update, delete on users.alembic_version from users_service;
    create policy owner_moves on users.alembic_version to users_owner
      using (true) with check (true);
    create policy service_reads on users.alembic_version for select to users_service
      using (true);
"""

DOWN = """
    drop policy service_reads on users.alembic_version;
    drop policy owner_moves on users.alembic_version;
    grant insert, update, delete on users.alembic_version to users_service;
    alter table users.alembic_version no force row level security, disable row level security;
    revoke usage on schema users from authenticated, service_role;
    drop table users.profiles;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
