import type { SearchPath } from '../connection/search-path';
import { InvalidArgumentError, SchemaMismatchError, UnsupportedServerError } from '../contract/errors';
import { schemaFaults, serverFaults } from '../diagnostics/judge-requirements';
import { type ReadRequirementsResult, readRequirements } from '../generated/schema-check.queries';
import type { StoreContext } from './store-context';

/**
 * Asks whether server and schema will do.
 *
 * @throws InvalidArgumentError the sessions have another search_path than was asked for.
 * @throws UnsupportedServerError
 * @throws SchemaMismatchError
 */
export async function requireSchema(
  store: StoreContext,
  searchPath: SearchPath | undefined,
): Promise<ReadRequirementsResult> {
  const { rows } = await store.call('connect', undefined, (call) => call.read(readRequirements, undefined));
  const requirements = rows[0] as ReadRequirementsResult;
  if (searchPath !== undefined && searchPath.value !== requirements.searchPath) {
    throw new InvalidArgumentError(
      searchPath.argument,
      `has no effect, as with a pooler that drops start-up options: search_path is ${requirements.searchPath}`,
    );
  }
  const unsupported = serverFaults(requirements);
  if (unsupported.length > 0) {
    throw new UnsupportedServerError(unsupported);
  }
  const missing = schemaFaults(requirements);
  if (missing.length > 0) {
    throw new SchemaMismatchError(missing);
  }
  return requirements;
}
