import { BlockList, isIPv6 } from 'node:net';
import type { ProjectRecord } from '../record.ts';

/** Whether the project's network restrictions let an address in; IPv6 has a list of its own. */
export function isAllowed({ network }: ProjectRecord, address: string): boolean {
  const ranges = new BlockList();
  for (const range of [...network.dbAllowedCidrs, ...network.dbAllowedCidrsV6]) {
    const [base = '', prefix = ''] = range.split('/');
    const kind = isIPv6(base) ? 'ipv6' : 'ipv4';
    ranges.addSubnet(base, Number(prefix || (kind === 'ipv6' ? 128 : 32)), kind);
  }
  return ranges.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
