import { newRevision } from '../contract/new-revision';
import type { Settlement, SettlementResult } from '../contract/settlement';
import type { CallOptions } from '../contract/types';
import * as queries from '../generated/settle.queries';
import { publishBatch } from '../telemetry/batch-channel';
import { parseSettlements, type SettlementValues } from '../validation/settlement';
import { eachPart } from './each-part';
import { byShard, type Owners, ownersOf } from './owners';
import type { StoreCall } from './store-call';
import type { StoreContext } from './store-context';

export async function settleTimers(
  store: StoreContext,
  settlements: readonly Settlement[],
  options?: CallOptions,
): Promise<SettlementResult[]> {
  const values = parseSettlements(settlements, store.maxPayloadBytes);
  const repeats = repeatsIn(values);
  const places = byShard(values).filter((place) => !repeats.has(place));
  const owners = ownersOf(places.map((place) => values[place] as SettlementValues));
  return await store.call('settleTimers', options, async (call) => {
    if (places.length === 0) {
      return [];
    }
    publishBatch(call.operation, places.length);
    const settled = (await store.citus.ask(call))
      ? await sendEachPart(call, values, places, owners)
      : await send(call, OF_TABLE, values, owners, {
          those: [...owners.shardIds.keys()],
          ofTimers: owners.ofTimers,
          places,
        });
    return resultsOf(settled, { places, owners, repeats });
  });
}

/** By a statement for each part. The shards of one whose worker is away count as locked. */
async function sendEachPart(
  call: StoreCall,
  values: readonly SettlementValues[],
  places: readonly number[],
  owners: Owners,
): Promise<Settled> {
  const placesOf = owners.shardIds.map((): number[] => []);
  for (const [index, place] of places.entries()) {
    placesOf[owners.ofTimers[index] as number]?.push(place);
  }
  const each = owners.shardIds.map((shardId, owner) => ({ shardId, owner }));
  const parts = await eachPart(call, each, async (ofPart, its) => {
    const sorted = its.flatMap(({ owner }) => placesOf[owner] as number[]);
    const ofTimers = its.flatMap(({ owner }) => (placesOf[owner] as number[]).map(() => owner));
    const those = its.map(({ owner }) => owner);
    return await send(ofPart, OF_PART, values, owners, { those, ofTimers, places: sorted });
  });
  const settled = parts.map((part): Settled => {
    if ('result' in part) {
      return part.result;
    }
    const its = part.items.flatMap(({ owner }) => placesOf[owner] as number[]);
    return { heldOwners: part.items.map(({ owner }) => owner), unsettledPlaces: its, lockedPlaces: its };
  });
  return {
    heldOwners: settled.flatMap(({ heldOwners }) => heldOwners),
    unsettledPlaces: settled.flatMap(({ unsettledPlaces }) => unsettledPlaces),
    lockedPlaces: settled.flatMap(({ lockedPlaces }) => lockedPlaces),
  };
}

interface Sent {
  readonly places: readonly number[];
  readonly owners: Owners;
  readonly repeats: ReadonlyMap<number, number>;
}

function resultsOf(
  { heldOwners, unsettledPlaces, lockedPlaces }: Settled,
  { places, owners, repeats }: Sent,
): SettlementResult[] {
  const held = new Set(heldOwners);
  const unsettled = new Set(unsettledPlaces);
  const locked = new Set(lockedPlaces);
  const results = new Array<SettlementResult>(places.length + repeats.size);
  for (let index = 0; index < places.length; index++) {
    const place = places[index] as number;
    if (!unsettled.has(place)) {
      results[place] = 'settled';
    } else if (!held.has(owners.ofTimers[index] as number)) {
      results[place] = 'lost';
    } else {
      results[place] = locked.has(place) ? 'locked' : 'changed';
    }
  }
  for (const [place, first] of repeats) {
    // After its first settlement, the timer is no longer what was delivered.
    const result = results[first] as SettlementResult;
    results[place] = result === 'settled' ? 'changed' : result;
  }
  return results;
}

/** The places of those that settle a delivery once more, each with the place of its first settlement. */
function repeatsIn(values: readonly SettlementValues[]): ReadonlyMap<number, number> {
  const firsts = new Map<string, number>();
  const repeats = new Map<number, number>();
  for (const [place, value] of values.entries()) {
    const { shardId, shardVersion, executeAt, uuid, revision } = value;
    let key = uuid;
    if (firsts.has(key) && !isSameDelivery(value, values[firsts.get(key) as number] as SettlementValues)) {
      // It takes long to make, and is hardly ever needed.
      key = JSON.stringify([shardId, shardVersion, executeAt, uuid, revision]);
    }
    const first = firsts.get(key);
    if (first === undefined) {
      firsts.set(key, place);
    } else {
      repeats.set(place, first);
    }
  }
  return repeats;
}

function isSameDelivery(a: SettlementValues, b: SettlementValues): boolean {
  return (
    a.revision === b.revision &&
    a.shardId === b.shardId &&
    a.shardVersion === b.shardVersion &&
    a.executeAt.getTime() === b.executeAt.getTime()
  );
}

interface Settled {
  readonly heldOwners: readonly number[];
  readonly unsettledPlaces: readonly number[];
  readonly lockedPlaces: readonly number[];
}

/** Of one statement: some owners, and the places of their timers with the owner of each. */
interface Part {
  readonly those: readonly number[];
  readonly ofTimers: readonly number[];
  readonly places: readonly number[];
}

const OF_TABLE = { done: queries.settleDoneTimers, any: queries.settleTimers };
const OF_PART = { done: queries.settleDoneTimersOfPart, any: queries.settleTimersOfPart };

/**
 * Has a statement of its own for timers that are done: most are, and they take the server half of what the others take.
 */
async function send(
  call: StoreCall,
  { done, any }: typeof OF_TABLE | typeof OF_PART,
  values: readonly SettlementValues[],
  { shardIds, shardVersions }: Owners,
  { those, ofTimers, places }: Part,
): Promise<Settled> {
  const settled = places.map((place) => values[place] as SettlementValues);
  const params = {
    owners: [...those],
    shardIds: those.map((owner) => shardIds[owner] as number),
    shardVersions: those.map((owner) => shardVersions[owner] as number),
    timerOwners: [...ofTimers],
    timerShardIds: settled.map(({ shardId }) => shardId),
    places: [...places],
    executeAts: settled.map(({ executeAt }) => executeAt),
    uuids: settled.map(({ uuid }) => uuid),
    revisions: settled.map(({ revision }) => revision),
  };
  const { rows } = settled.every(({ rest }) => rest === undefined)
    ? await call.write(done, params)
    : await call.write(any, { ...params, ...outcomeArrays(settled) });
  return rows[0] as unknown as Settled;
}

function outcomeArrays(sorted: readonly SettlementValues[]) {
  const drawn = newRevision();
  return {
    newRevisions: sorted.map(({ rest }) => rest?.newRevision ?? drawn),
    outcomes: sorted.map(({ rest }) => rest?.outcome ?? 'done'),
    nextExecuteAts: sorted.map(({ rest, executeAt }) => rest?.nextExecuteAt ?? executeAt),
    attempts: sorted.map(({ rest }) => rest?.attempts ?? 0),
    setPayloads: sorted.map(({ rest }) => rest?.payload !== undefined),
    // The generated types know of no array that has NULL in it.
    dueAts: sorted.map(({ rest }) => (rest?.dueAt ?? null) as Date),
    firstAttemptAts: sorted.map(({ rest }) => (rest?.firstAttemptAt ?? null) as Date),
    lastErrors: sorted.map(({ rest }) => (rest?.lastError ?? null) as string),
    payloads: sorted.map(({ rest }) => rest?.payload ?? null),
  };
}
