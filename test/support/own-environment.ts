/**
 * Each test of the file starts without the variables that PostgreSQL's clients read, and what it sets is gone after it.
 */
export function useOwnEnvironment(): void {
  const saved = { ...process.env };
  beforeEach(() => {
    for (const name of Object.keys(process.env)) {
      if (/^PG[A-Z]/.test(name)) {
        delete process.env[name];
      }
    }
  });
  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      delete process.env[name];
    }
    Object.assign(process.env, saved);
  });
}
