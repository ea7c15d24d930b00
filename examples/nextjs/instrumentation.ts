/** Next calls this once when its server starts, so that timers fire before the first request comes. */
export async function register() {
  if (process.env['NEXT_RUNTIME'] === 'nodejs') {
    const { timers } = await import('./timers');
    await timers();
  }
}
