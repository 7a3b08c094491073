/**
 * A migration as a row of the table. `app` stands for the service's schema; `base` of the table's
 * test is there before. `faults` is what the plan says of it as an `expand`.
 */
export interface Case {
  readonly name: string;
  readonly up: string;
  readonly down?: string;
  /** Refused as an expand with these words; absent = not refused. */
  readonly refused?: RegExp;
  /** The text does not tell all: the copy decides. */
  readonly byEffect?: true;
  /** What users write after it has gone up. Present = the case is carried out. */
  readonly rows?: string;
  /** The schema stays at a rollback, with these words; absent = it goes down and equals before. */
  readonly stays?: RegExp;
}

/** What stands before each case, with rows in it. */
export const base = `
create type app.mood as enum ('good', 'bad');
create table app.notes (id int primary key, body text not null, tag text default 'none');
insert into app.notes values (1, 'one'), (2, 'two');
create table app.links (id int primary key, note int references app.notes (id));
insert into app.links values (1, 1);
create table app.events (day date not null, what text) partition by range (day);
create table app.events_2026 partition of app.events for values from ('2026-01-01') to ('2027-01-01');
insert into app.events values ('2026-05-05', 'birthday');
create sequence app.tickets;
create view app.short_notes as select id, body from app.notes;
create function app.twice(a int) returns int language sql immutable as 'select a * 2'`;
