create table purchases (
  id uuid primary key,
  product text not null references products,
  bought_at timestamptz not null default now(),
  label text
);
alter table purchases enable row level security, force row level security;
-- Who moves the schema sees every row, and the service does.
create policy owner on purchases to purchases_owner using (true) with check (true);
create policy service on purchases to purchases_service using (true) with check (true);
