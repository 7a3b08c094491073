create table orders (
  id uuid primary key,
  product text not null references products,
  bought_at timestamptz not null default now(),
  label text
);
alter table orders enable row level security, force row level security;
-- The owner sees every row (a foreign key is checked by it), and so does the service.
create policy owner on orders to purchases_owner using (true) with check (true);
create policy service on orders to purchases_service using (true) with check (true);
