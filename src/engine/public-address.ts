import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** The blocks of IANA's registry of special addresses, and one more, that no receiver on the internet has. */
const SPECIAL_IPV4 = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  // Answers on Azure's virtual machines with what they are configured with.
  ['168.63.129.16', 32],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const;

/** Those within 2000::/3; all else is not routed anyway. Tunnels (2001::/32, 2002::/16) lead to any IPv4 address. */
const SPECIAL_IPV6 = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const;

const special = new BlockList();
for (const [net, prefix] of SPECIAL_IPV4) {
  // An address of the form ::ffff:10.0.0.1 is found among those of IPv4.
  special.addSubnet(net, prefix, 'ipv4');
  // What NAT64 translates.
  special.addSubnet(`64:ff9b::${net}`, 96 + prefix, 'ipv6');
}
for (const [net, prefix] of SPECIAL_IPV6) {
  special.addSubnet(net, prefix, 'ipv6');
}

const routedIpv6 = new BlockList();
routedIpv6.addSubnet('2000::', 3, 'ipv6');
routedIpv6.addSubnet('64:ff9b::', 96, 'ipv6');
routedIpv6.addSubnet('::ffff:0.0.0.0', 96, 'ipv6');

/** Whether an address is one of the internet: not private, loopback, link-local, or reserved for anything else. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) {
    return !special.check(address, 'ipv4');
  }
  // An address with a zone, such as fe80::1%eth0, is of this link.
  return (
    isIPv6(address) &&
    !address.includes('%') &&
    routedIpv6.check(address, 'ipv6') &&
    !special.check(address, 'ipv6')
  );
}
