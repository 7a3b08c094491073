import { fingerprintQueries, sorted } from './fingerprint-queries.ts';

// A manifest's digest is of `fingerprintQueries` alone, and older ones must still be equal: what was
// learned later stands here.

/** What else there is in schemas, a query per kind; `$1` is their list. */
const laterQueries = {
  types: `
    select format('%I.%I', nspname, typname) as name, typtype as kind,
      typowner::regrole::text as owner, format_type(nullif(typbasetype, 0), typtypmod) as base,
      typnotnull as required, typdefault as default,
      (select array_agg(enumlabel::text order by enumsortorder) from pg_enum
        where enumtypid = t.oid) as labels,
      (select array_agg(conname || ' ' || pg_get_constraintdef(oid) order by conname)
        from pg_constraint where contypid = t.oid and contype = 'c') as checks,
      (select array_agg(attname || ' ' || format_type(atttypid, atttypmod) order by attnum)
        from pg_attribute where attrelid = typrelid and not attisdropped) as fields,
      (select format_type(rngsubtype, null) from pg_range where rngtypid = t.oid) as subtype,
      ${sorted('typacl')} as rights
    from pg_type t join pg_namespace n on n.oid = typnamespace
    where nspname = any($1) and (typtype in ('e', 'd', 'r') or typtype = 'c' and exists (
      select from pg_class where oid = typrelid and relkind = 'c')) order by 1`,
  views: `
    select c.oid::regclass::text as view, md5(pg_get_viewdef(c.oid)) as text,
      reloptions::text as options
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('v', 'm') order by 1`,
  sequences: `
    select seqrelid::regclass::text as sequence, format_type(seqtypid, null) as type,
      format('%s by %s in %s..%s, cache %s, cycle %s', seqstart, seqincrement, seqmin, seqmax,
        seqcache, seqcycle) as text,
      (select format('%s %s', refobjid::regclass, refobjsubid) from pg_depend
        where classid = 'pg_class'::regclass and objid = seqrelid and deptype in ('a', 'i')
          and refclassid = 'pg_class'::regclass and refobjsubid > 0) as "ownedBy"
    from pg_sequence join pg_class c on c.oid = seqrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) order by 1`,
  restrictions: `
    select conrelid::regclass::text as table, conname as name, pg_get_constraintdef(c.oid) as text,
      (select array_agg(attname::text order by attname) from pg_attribute
        where attrelid = conrelid and attnum = any(conkey)) as columns
    from pg_constraint c join pg_namespace n on n.oid = connamespace
    where nspname = any($1) and conrelid <> 0 and contype in ('c', 'f', 'x')
    union all
    select indrelid::regclass::text, relname, pg_get_indexdef(indexrelid),
      (select array_agg(distinct attname::text order by attname::text) from pg_depend
        join pg_attribute on attrelid = refobjid and attnum = refobjsubid
        where classid = 'pg_class'::regclass and objid = indexrelid
          and refclassid = 'pg_class'::regclass and refobjid = indrelid and refobjsubid > 0)
    from pg_index join pg_class c on c.oid = indexrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and indisunique order by 1, 2`,
  made: `
    select attrelid::regclass::text as table, attname as column, attidentity as identity,
      attgenerated as generated, nullif(attcollation, typcollation)::regcollation::text as collation
    from pg_attribute join pg_class c on c.oid = attrelid join pg_type t on t.oid = atttypid
      join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('r', 'p', 'f') and attnum > 0 and not attisdropped
      and (attidentity <> '' or attgenerated <> '' or attcollation <> typcollation) order by 1, 2`,
  rules: `
    select ev_class::regclass::text as table, rulename as name, ev_enabled as enabled,
      pg_get_ruledef(r.oid) as text
    from pg_rewrite r join pg_class c on c.oid = ev_class join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and rulename <> '_RETURN' order by 1, 2`,
  firing: `
    select tgrelid::regclass::text as table, tgname as trigger, tgenabled as enabled
    from pg_trigger t join pg_class c on c.oid = tgrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and not tgisinternal order by 1, 2`,
  parents: `
    select inhrelid::regclass::text as table, inhparent::regclass::text as name,
      pg_get_expr(relpartbound, c.oid) as bound
    from pg_inherits join pg_class c on c.oid = inhrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('r', 'p', 'f') order by 1, 2`,
  kept: `
    select c.oid::regclass::text as table, relpersistence as persistence, relreplident as replica
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('r', 'p', 'S') order by 1`,
  foreign: `
    select c.oid::regclass::text as table, srvname as server, ftoptions::text as options
    from pg_foreign_table join pg_class c on c.oid = ftrelid join pg_foreign_server s on s.oid = ftserver
      join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) order by 1`,
  aggregates: `
    select p.oid::regprocedure::text as function, prokind as kind, ${sorted('proacl')} as rights
    from pg_proc p join pg_namespace n on n.oid = pronamespace
    where nspname = any($1) and prokind in ('a', 'w') order by 1`,
  operators: `
    select o.oid::regoperator::text as name, oprcode::regproc::text as text
    from pg_operator o join pg_namespace n on n.oid = oprnamespace
    where nspname = any($1) order by 1`,
  publications: `
    select pubname as name, c.oid::regclass::text as table
    from pg_publication_rel join pg_publication p on p.oid = prpubid
      join pg_class c on c.oid = prrelid join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) order by 1, 2`,
  statistics: `
    select pg_get_statisticsobjdef(s.oid) as text
    from pg_statistic_ext s join pg_namespace n on n.oid = stxnamespace
    where nspname = any($1) order by 1`,
  options: `
    select c.oid::regclass::text as table, reloptions::text as text
    from pg_class c join pg_namespace n on n.oid = relnamespace
    where nspname = any($1) and relkind in ('r', 'p', 'i', 'I') and reloptions is not null order by 1`,
  comments: `
    select pg_describe_object(classoid, objoid, objsubid) as name, md5(description) as text
    from pg_description
      left join pg_class c on classoid = 'pg_class'::regclass and c.oid = objoid
      left join pg_proc p on classoid = 'pg_proc'::regclass and p.oid = objoid
      left join pg_type t on classoid = 'pg_type'::regclass and t.oid = objoid
      left join pg_constraint k on classoid = 'pg_constraint'::regclass and k.oid = objoid
      join pg_namespace n on n.oid = coalesce(relnamespace, pronamespace, typnamespace, connamespace,
        case when classoid = 'pg_namespace'::regclass then objoid end)
    where nspname = any($1) order by 1`,
} as const;

/** One query per kind of thing that schemas and their services' roles are made of. */
export const catalogQueries = { ...fingerprintQueries, ...laterQueries } as const;
