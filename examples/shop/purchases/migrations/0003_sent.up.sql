alter table orders add column sent_by text;
create table takings (
  noted_at timestamptz not null default now(),
  cents int not null,
  noted_by text not null
);
alter table takings enable row level security, force row level security;
create policy owner on takings to purchases_owner using (true) with check (true);
create policy service on takings to purchases_service using (true) with check (true);
