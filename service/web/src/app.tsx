import { useEffect, useRef, useState } from 'preact/hooks';
import { onKeyAskedFor } from './api/call';
import { storedKey, storeKey } from './api/key';
import { focusHeading } from './focus-heading';
import { live } from './live';
import { linkTo, type Route, type View } from './router';
import { useLive } from './use-live';
import { useRoute } from './use-route';
import { ChartsView } from './views/charts';
import { KeyForm } from './views/key-form';
import { NamespacesView } from './views/namespaces';
import { NewTimerView } from './views/new-timer';
import { ShardsView } from './views/shards';
import { TimerView } from './views/timer';
import { TimersView } from './views/timers';

const LINKS: readonly (readonly [View, string])[] = [
  ['namespaces', 'Timers'],
  ['charts', 'Charts'],
  ['shards', 'Shards'],
  ['new', 'New timer'],
];

/** Those that have no link of their own belong to the list. */
const SECTIONS: Partial<Record<View, View>> = { timers: 'namespaces', timer: 'namespaces' };

export function App() {
  const route = useRoute();
  const [needsKey, setNeedsKey] = useState(false);
  useEffect(() => {
    onKeyAskedFor(() => setNeedsKey(true));
    live.start();
  }, []);
  useEffect(() => {
    document.title = `${document.querySelector('h1')?.textContent ?? 'Timers'} – timers`;
  }, [route, needsKey]);
  const isFirst = useRef(true);
  // Whoever goes elsewhere reads on from the heading.
  useEffect(() => {
    if (!isFirst.current) {
      focusHeading();
    }
    isFirst.current = false;
  }, [route.view, needsKey]);
  const begin = () => {
    setNeedsKey(false);
    live.start();
  };
  const forget = () => {
    storeKey(null);
    setNeedsKey(true);
  };
  return (
    <>
      <button type="button" class="skip" onClick={focusHeading}>
        Skip to the content
      </button>
      <header>
        <nav aria-label="Main">
          {LINKS.map(([view, label]) => (
            <a
              key={view}
              href={linkTo(view)}
              aria-current={(SECTIONS[route.view] ?? route.view) === view ? 'page' : undefined}
            >
              {label}
            </a>
          ))}
        </nav>
        <Connection />
        {storedKey() !== null && !needsKey && (
          <button type="button" class="plain" onClick={forget}>
            Forget key
          </button>
        )}
      </header>
      <main>{needsKey ? <KeyForm onGood={begin} /> : <Content route={route} />}</main>
    </>
  );
}

function Content({ route: { view, params } }: { readonly route: Route }) {
  const { namespace = '', id = '' } = params;
  switch (view) {
    case 'namespaces':
      return <NamespacesView />;
    case 'timers':
      return <TimersView params={params} />;
    case 'timer':
      return <TimerView key={`${namespace}/${id}`} namespace={namespace} timerId={id} />;
    case 'new':
      return <NewTimerView namespace={namespace} />;
    case 'charts':
      return <ChartsView />;
    case 'shards':
      return <ShardsView />;
    default:
      return view satisfies never;
  }
}

/** Whether changes appear by themselves. */
function Connection() {
  const { isConnected, error } = useLive();
  const word = isConnected ? 'Live' : error === undefined ? 'Connecting' : 'Not live';
  return (
    <span role="status" class={`connection ${isConnected ? 'good' : 'bad'}`} title={error?.message}>
      {word}
    </span>
  );
}
