import { listShards } from '../api/calls';
import type { Shards } from '../api/types';
import { count, span } from '../format';
import { ErrorNotice } from '../parts/notice';
import { useAnswer } from '../use-answer';
import { useRefresh } from '../use-live';

/** So far the service counts in each shard. */
const COUNTED = 1000;

/** Which processes live, which shards are whose, and what waits there. */
export function ShardsView() {
  const { value, error, reload } = useAnswer(listShards, []);
  useRefresh(reload);
  return (
    <>
      <h1 tabIndex={-1}>Shards and members</h1>
      <ErrorNotice error={error} />
      {value === undefined && error === undefined && <p class="quiet">Loading…</p>}
      {value !== undefined && <Members {...value} />}
      {value !== undefined && <ShardTable {...value} />}
    </>
  );
}

function Members({ members, shards }: Shards) {
  return (
    <table class="narrow">
      <caption>Processes that live</caption>
      <thead>
        <tr>
          <th scope="col">Address</th>
          <th scope="col" class="number">
            Shards
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member}>
            <th scope="row" class="id">
              {member}
            </th>
            <td class="number">{count(shards.filter(({ owner }) => owner === member).length)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function ShardTable({ shards }: Shards) {
  return (
    <table>
      <caption>Shards</caption>
      <thead>
        <tr>
          <th scope="col">Shard</th>
          <th scope="col">Owner</th>
          <th scope="col" class="number wide">
            Version
          </th>
          <th scope="col" class="number">
            Pending
          </th>
          <th scope="col" class="number">
            Due
          </th>
          <th scope="col" class="number">
            Dead
          </th>
          <th scope="col" class="number">
            Oldest late
          </th>
        </tr>
      </thead>
      <tbody>
        {shards.map(({ shardId, owner, version, backlog, due, dead, oldestLatenessMs }) => (
          <tr key={shardId}>
            <th scope="row">{shardId}</th>
            <td class="id">{owner ?? <span class="bad">nobody</span>}</td>
            <td class="number wide">{version ?? '–'}</td>
            <td class="number">{count(backlog, backlog >= COUNTED)}</td>
            <td class="number">{count(due)}</td>
            <td class={`number ${dead > 0 ? 'bad' : ''}`}>{count(dead, dead >= COUNTED)}</td>
            <td class="number">{oldestLatenessMs > 0 ? span(oldestLatenessMs) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
