import { useState } from 'preact/hooks';
import type { CallError } from '../api/call-error';
import { deleteDeadTimer, deleteTimer, getTimer, reviveTimer } from '../api/calls';
import type { Timer, TimerKey } from '../api/types';
import { focusHeading } from '../focus-heading';
import { Confirm } from '../parts/confirm';
import { ErrorNotice, Notice } from '../parts/notice';
import { StateMark } from '../parts/state-mark';
import { Time } from '../parts/time';
import { linkTo } from '../router';
import { callErrorOf, useAnswer } from '../use-answer';
import { useRefresh } from '../use-live';
import { ChangeTimer } from './change-timer';

/** One timer: what it is, what became of it, and what can be done about it. */
export function TimerView({ namespace, timerId }: TimerKey) {
  const {
    value: timer,
    error,
    reload,
  } = useAnswer((signal) => getTimer({ namespace, timerId }, signal), [namespace, timerId]);
  useRefresh(reload, namespace);
  const isGone = error?.code === 'TIMER_NOT_FOUND';
  const list = linkTo('timers', { namespace, state: timer?.state === 'dead' ? 'dead' : undefined });
  return (
    <>
      <p class="back">
        <a href={list}>← {namespace}</a>
      </p>
      <h1 tabIndex={-1} class="id">
        {timerId}
      </h1>
      {isGone ? (
        <Notice>
          {timer === undefined
            ? 'There is no such timer.'
            : 'It is no longer there: it was delivered, or deleted.'}
        </Notice>
      ) : (
        <ErrorNotice error={error} />
      )}
      {timer === undefined && error === undefined && <p class="quiet">Loading…</p>}
      {timer !== undefined && !isGone && <Actions key={timer.state} timer={timer} reload={reload} />}
      {timer !== undefined && <Facts timer={timer} isGone={isGone} />}
    </>
  );
}

interface ActionsProps {
  readonly timer: Timer;
  readonly reload: () => Promise<void>;
}

function Actions({ timer, reload }: ActionsProps) {
  const [mode, setMode] = useState<'change' | 'delete'>();
  const [error, setError] = useState<CallError>();
  const isDead = timer.state === 'dead';
  const key = { namespace: timer.namespace, timerId: timer.id };
  const act = async (action: (key: TimerKey) => Promise<void>) => {
    try {
      await action(key);
      setError(undefined);
    } catch (thrown) {
      setError(callErrorOf(thrown));
    }
    await reload();
    focusHeading();
  };
  if (mode === 'change') {
    const close = async () => {
      setMode(undefined);
      focusHeading();
      await reload();
    };
    return <ChangeTimer timer={timer} onClose={close} />;
  }
  return (
    <>
      <ErrorNotice error={error} />
      <div class="buttons">
        {isDead ? (
          <button type="button" class="primary" onClick={() => act(reviveTimer)}>
            Revive now
          </button>
        ) : (
          <button type="button" onClick={() => setMode('change')}>
            Change
          </button>
        )}
        <button type="button" onClick={() => setMode('delete')}>
          {isDead ? 'Delete' : 'Cancel timer'}
        </button>
      </div>
      {mode === 'delete' && (
        <Confirm
          question={
            isDead ? 'Delete this dead timer for good?' : 'Cancel this timer? It will not be delivered.'
          }
          action={isDead ? 'Delete' : 'Cancel timer'}
          onAnswer={(isConfirmed) => {
            setMode(undefined);
            if (isConfirmed) {
              void act(isDead ? deleteDeadTimer : deleteTimer);
            }
          }}
        />
      )}
    </>
  );
}

function Facts({ timer, isGone }: { readonly timer: Timer; readonly isGone: boolean }) {
  const policy = Object.entries(timer.retryPolicy ?? {});
  return (
    <dl class={isGone ? 'facts gone' : 'facts'}>
      <dt>State</dt>
      <dd>{isGone ? <span class="mark">gone</span> : <StateMark timer={timer} />}</dd>
      <dt>{timer.state === 'dead' ? 'Was due' : 'Due'}</dt>
      <dd>
        <Time value={timer.executeAt} isRelative={!isGone} hasUtc />
      </dd>
      <dt>Attempts that failed</dt>
      <dd>{timer.attempts}</dd>
      {timer.lastError !== null && <dt>Last error</dt>}
      {timer.lastError !== null && <dd class="error">{timer.lastError}</dd>}
      {timer.executedAt !== undefined && <dt>Last delivery</dt>}
      {timer.executedAt !== undefined && (
        <dd>
          <Time value={timer.executedAt} hasUtc />
        </dd>
      )}
      <dt>Callback URL</dt>
      <dd class="id">{timer.callbackUrl ?? 'none'}</dd>
      <dt>Time-out</dt>
      <dd>{timer.callbackTimeoutSeconds} s</dd>
      <dt>Retries</dt>
      <dd>
        {policy.length === 0 ? 'by default' : policy.map(([name, value]) => `${name} ${value}`).join(', ')}
      </dd>
      <dt>Created</dt>
      <dd>
        <Time value={timer.createdAt} hasUtc />
      </dd>
      <dt>Changed</dt>
      <dd>
        <Time value={timer.updatedAt} hasUtc />
      </dd>
      <dt>Payload</dt>
      <dd>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard. */}
        <section tabIndex={0} aria-label="Payload" class="payload">
          <pre>{JSON.stringify(timer.payload, null, 2)}</pre>
        </section>
      </dd>
    </dl>
  );
}
