"""Vouchers, and who redeemed them. A voucher is seen by admins and by who knows its code."""

from alembic import op

revision = "users_0002"
down_revision = "users_0001"
windlass = "expand"

CLAIMS = "(select nullif(current_setting('request.jwt.claims', true), '')::jsonb)"
OWN = f"user_id = ({CLAIMS} ->> 'sub')::uuid"
ADMIN = f"({CLAIMS} ->> 'role') = 'service_role'"

UP = f"""
    create table users.vouchers (
      id uuid primary key default gen_random_uuid(),
      code text not null unique,
      created_at timestamptz not null default now()
    );
    alter table users.vouchers enable row level security, force row level security;
    create policy admin on users.vouchers to users_service using ({ADMIN}) with check ({ADMIN});
    create policy known on users.vouchers for select to users_service
      using (code = current_setting('users.voucher', true));

    -- One row per voucher: the primary key is what refuses the second redemption.
    create table users.redemptions (
      voucher_id uuid primary key references users.vouchers on delete cascade,
      user_id uuid not null references users.profiles on delete cascade,
      redeemed_at timestamptz not null default now()
    );
    alter table users.redemptions enable row level security, force row level security;
    create policy own on users.redemptions to users_service using ({OWN}) with check ({OWN});
    create policy known on users.redemptions for select to users_service
      using (exists (select from users.vouchers where id = voucher_id));
    create policy own_rest on users.redemptions for select to authenticated using ({OWN});
    grant select on users.redemptions to authenticated, service_role;
"""

DOWN = """
    drop table users.redemptions;
    drop table users.vouchers;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
