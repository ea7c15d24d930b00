export type View = 'namespaces' | 'timers' | 'timer' | 'new' | 'charts' | 'shards';

const VIEWS: readonly View[] = ['namespaces', 'timers', 'timer', 'new', 'charts', 'shards'];

export interface Route {
  readonly view: View;
  readonly params: Readonly<Record<string, string>>;
}

/** The part of the address after `#`: whoever is sent the address sees the same. */
export function parseRoute(hash: string): Route {
  const [, name = '', query = ''] = /^#?\/?([^?]*)\??(.*)$/s.exec(hash) ?? [];
  const view = VIEWS.find((each) => each === name) ?? 'namespaces';
  return { view, params: Object.fromEntries(new URLSearchParams(query)) };
}

/** @param params those that are undefined or empty are left out. */
export function linkTo(view: View, params: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(params).filter((entry): entry is [string, string] => !!entry[1]);
  const query = new URLSearchParams(given).toString();
  return `#/${view}${query === '' ? '' : `?${query}`}`;
}
