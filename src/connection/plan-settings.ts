/**
 * How a session of the store plans, as start-up options. Each query here has one right plan, whatever its parameters
 * and the state of the table: a key, or a range of an index.
 *
 * - `plan_cache_mode`: without it the server plans some queries anew for each call, which takes it two to three times
 *   as long
 *   as running them.
 * - `enable_seqscan`: without it a plan that was made while the table was empty reads all of it, until statistics are
 *   gathered again, however many timers have come meanwhile.
 * - `enable_hashjoin`, `enable_mergejoin`: without them a plan may join timers that are asked for by their keys with
 *   all that
 *   there are. A nested loop looks each up.
 *
 * They are not for Citus, which cannot plan an INSERT … SELECT and most others without their parameters: forced to, it
 * answers "could not create distributed plan". See CreateDistributedPlan in its distributed_planner.c.
 */
export const PLAN_SETTINGS =
  '-c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off';

/** Adds these settings to start-up options. What is given stands behind them, and so counts more. */
export function withPlanSettings(options: string | undefined): string {
  return options ? `${PLAN_SETTINGS} ${options}` : PLAN_SETTINGS;
}

const ISO_DATES = '-c datestyle=ISO';

/**
 * The start-up options of a session with Citus. The coordinator hands times on as text: in another DateStyle than ISO, a
 * worker would read another time. It stands last, and so counts.
 */
export function citusOptions(options: string | undefined): string {
  return `${withoutOwnSettings(options)} ${ISO_DATES}`.trimStart();
}

/** Takes what is added here out of start-up options: what is left was given. */
export function withoutOwnSettings(options = ''): string {
  const given = options.replace(PLAN_SETTINGS, '').trim();
  return given.endsWith(ISO_DATES) ? given.slice(0, -ISO_DATES.length).trim() : given;
}
