drop table takings;
alter table orders drop column sent_by;
