create table products (
  id text primary key,
  name text not null,
  cents int not null
);
insert into products values ('kettle', 'A kettle', 3900), ('teapot', 'A teapot', 2450);
alter table products enable row level security, force row level security;
-- The owner sees every row (a foreign key is checked by it), and so does the service.
create policy owner on products to purchases_owner using (true) with check (true);
create policy service on products to purchases_service using (true) with check (true);
