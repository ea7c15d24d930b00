/**
 * Imported before anything that looks at the environment: what the user's shell says to PostgreSQL's clients is not
 * meant for the servers that are connected to here, which are named in full.
 */
for (const name of Object.keys(process.env)) {
  if (/^PG[A-Z]/.test(name) || name === 'NODE_PG_FORCE_NATIVE') delete process.env[name];
}
