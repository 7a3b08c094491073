import type { Node } from 'libpg-query';
import { type Effects, unread } from './effect.ts';
import { listName } from './names.ts';
import { nodesIn } from './walk.ts';

/** `unread` where a value that is computed now calls a function that may do anything. */
export function calledIn(value: unknown): Effects {
  for (const [name, fields] of nodesIn(value)) {
    if (name !== 'FuncCall') continue;
    const called = listName(isNodes(fields['funcname']) ? fields['funcname'] : []);
    if (!harmless.has(called.replace(/^pg_catalog\./, '')))
      return unread(`calls ${called}(), which its text does not show`);
  }
  return [];
}

function isNodes(value: unknown): value is readonly Node[] {
  return Array.isArray(value);
}

/** Functions of Postgres itself that read nothing but their arguments, or a clock, or chance. */
const harmless = new Set(
  `now clock_timestamp statement_timestamp transaction_timestamp timeofday date_trunc date_part
  extract age make_date make_time make_timestamp make_timestamptz make_interval to_timestamp to_date
  to_char to_number timezone date_bin justify_days justify_hours isfinite gen_random_uuid
  uuid_generate_v4 uuid_generate_v1 random gen_random_bytes abs ceil ceiling floor round trunc sign
  mod power sqrt div lower upper initcap trim btrim ltrim rtrim length char_length octet_length
  substring substr overlay position strpos replace translate repeat reverse left right lpad rpad
  concat concat_ws format split_part string_to_array regexp_replace regexp_match regexp_matches
  regexp_split_to_array regexp_split_to_table starts_with ascii chr md5 sha256 sha512 digest encode
  decode quote_ident quote_literal convert_to convert_from unaccent to_tsvector to_tsquery
  plainto_tsquery setweight similarity array_agg array_length array_append array_cat array_remove
  array_to_string array_position cardinality unnest generate_series generate_subscripts count sum
  min max avg bool_and bool_or every string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
  json_build_object jsonb_build_object json_build_array jsonb_build_array to_json to_jsonb
  row_to_json json_object jsonb_set jsonb_insert jsonb_strip_nulls jsonb_pretty jsonb_typeof
  json_typeof jsonb_each jsonb_each_text json_each json_each_text jsonb_object_keys
  json_object_keys jsonb_array_elements json_array_elements jsonb_array_elements_text
  json_array_elements_text jsonb_array_length json_array_length jsonb_extract_path
  jsonb_extract_path_text row_number rank dense_rank ntile lag lead first_value last_value
  percentile_cont percentile_disc mode nextval current_schema current_database version coalesce
  greatest least nullif num_nulls num_nonnulls pg_typeof pg_get_serial_sequence int4range int8range
  numrange tsrange tstzrange daterange point st_makepoint st_setsrid`.split(/\s+/),
);
