create table products (
  id text primary key,
  name text not null,
  cents int not null
);
insert into products values ('kettle', 'A kettle', 3900), ('teapot', 'A teapot', 2450);
alter table products enable row level security, force row level security;
-- Who moves the schema sees every row, and the service does.
create policy owner on products to purchases_owner using (true) with check (true);
create policy service on products to purchases_service using (true) with check (true);
