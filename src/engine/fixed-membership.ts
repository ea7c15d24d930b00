import { InvalidArgumentError } from '../contract/errors';
import type { Membership, MembershipEvents } from '../contract/membership';
import { checkText, show } from '../contract/scalars';

/**
 * Membership by a list that is the same in each process, such as the pods of a StatefulSet. Nobody looks whether they
 * live: the shards of one that does not live wait until it does again.
 *
 * @throws InvalidArgumentError an address is none, or is there twice.
 * @example
 * const membership = fixedMembership(['timers-0:7000', 'timers-1:7000']);
 */
export function fixedMembership(addresses: readonly string[]): Membership {
  if (!Array.isArray(addresses)) {
    throw new InvalidArgumentError('addresses', `must be an array, not ${show(addresses)}`);
  }
  const members = addresses.map((address: unknown, index) => {
    checkText(`addresses[${index}]`, address);
    return address;
  });
  members.sort();
  const twice = members.find((address, index) => address === members[index - 1]);
  if (twice !== undefined) {
    throw new InvalidArgumentError('addresses', `must not contain ${show(twice)} twice`);
  }
  return {
    async join(address: string, events: MembershipEvents): Promise<void> {
      if (!members.includes(address)) {
        throw new InvalidArgumentError('address', `must be one of the addresses, not ${show(address)}`);
      }
      events.onMembers(members);
    },
    async refresh(): Promise<void> {},
    async leave(): Promise<void> {},
  };
}
