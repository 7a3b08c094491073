/** The vCPU of a limit such as `2` or `500m`; undefined for what is none. */
export function vcpus(text: string): number | undefined {
  const [, number, milli] = /^(\d+(?:\.\d+)?)(m?)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) / (milli === 'm' ? 1000 : 1);
}

/** The GiB of a limit such as `512Mi`; undefined for what is none. */
export function gibibytes(text: string): number | undefined {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(Mi|Gi)$/.exec(text) ?? [];
  return number === undefined ? undefined : Number(number) / (unit === 'Mi' ? 1024 : 1);
}
