import path from 'node:path';
import { queryASTToIR } from '@pgtyped/parser';
import { getTypes, type IQueryTypes, startup } from '@pgtyped/query';
import { processSQLQueryIR } from '@pgtyped/runtime';
import { AsyncQueue } from '@pgtyped/wire';
import { parse } from 'pg-connection-string';
// What the program `pgtyped` runs in its workers. It exports nothing, and reports a fault as text, without its place.
import { parseConfig } from '../../node_modules/@pgtyped/cli/lib/config.js';
import {
  generateDeclarationFile,
  ProcessingMode,
  queryToTypeDeclarations,
  type TypedQuery,
} from '../../node_modules/@pgtyped/cli/lib/generator.js';
import { TypeAllocator, TypeMapping, TypeScope } from '../../node_modules/@pgtyped/cli/lib/types.js';
import { checkTypes } from './check-types.mjs';
import type { Problem } from './problem.mjs';
import { locatePosition, type Query, type QueryFile } from './query-files.mjs';

export interface Generated {
  /** Contents by file name. */
  readonly output: ReadonlyMap<string, string>;
  /** What the server says of each query that it accepts. */
  readonly types: ReadonlyMap<Query, IQueryTypes>;
  readonly problems: readonly Problem[];
}

type Config = ReturnType<typeof parseConfig>;

/** Compiles the queries with pgtyped, against the schema of a database. */
export async function generate(root: string, url: string, files: readonly QueryFile[]): Promise<Generated> {
  const config = parseConfig(path.join(root, 'pgtyped.config.json'));
  const { host, port, user, password, database, ssl } = parse(url);
  const connection = new AsyncQueue();
  // It sends a message at a time: Nagle's algorithm would hold each back for 40 ms.
  connection.socket.setNoDelay();
  await startup(
    {
      host: host ?? 'localhost',
      port: Number(port ?? 5432),
      user: user ?? 'postgres',
      dbName: database ?? 'postgres',
      ...(password && { password }),
      ...(ssl && { ssl: ssl as boolean }),
    },
    connection,
  );
  const output = new Map<string, string>();
  const types = new Map<Query, IQueryTypes>();
  const problems: Problem[] = [];
  try {
    for (const { file, queries } of files) {
      if (queries.length === 0) continue;
      const allocator = new TypeAllocator(TypeMapping(config.typesOverrides));
      allocator.use({ name: 'PreparedQuery', from: '@pgtyped/runtime' }, TypeScope.Return);
      const typedQueries: TypedQuery[] = [];
      for (const query of queries) {
        const result = await typeQuery(query, connection, allocator, config);
        if ('problems' in result) problems.push(...result.problems);
        else {
          typedQueries.push(result.typedQuery);
          types.set(query, result.types);
        }
      }
      const name = `${path.posix.basename(file, '.sql')}.queries.ts`;
      const typeDefinitions = allocator.toTypeDefinitions();
      output.set(name, generateDeclarationFile({ typedQueries, typeDefinitions, fileName: file }));
    }
  } finally {
    connection.socket.destroy();
  }
  return { output, types, problems };
}

type Typed = { problems: readonly Problem[] } | { typedQuery: TypedQuery; types: IQueryTypes };

async function typeQuery(
  query: Query,
  connection: AsyncQueue,
  allocator: TypeAllocator,
  config: Config,
): Promise<Typed> {
  const { ast, statement, name } = query;
  // What the parser refuses has been reported with its place.
  if (statement === undefined) return { problems: [] };
  const ir = queryASTToIR(ast);
  const types = await getTypes(processSQLQueryIR(ir), connection);
  if ('errorCode' in types) {
    const { message, hint, position } = types;
    const what = [message, hint].filter(Boolean).join('. ');
    const remedy = 'Correct the query, or the migration it relies on.';
    return { problems: [{ where: locatePosition(query, position), what, remedy }] };
  }
  const problems = checkTypes(query, types, TypeMapping(config.typesOverrides));
  if (problems.length > 0) return { problems };
  const typeDeclaration = await queryToTypeDeclarations(
    { ast, mode: ProcessingMode.SQL },
    async () => types,
    allocator,
    config,
  );
  const pascalName = name.charAt(0).toUpperCase() + name.slice(1);
  const aliases = { paramTypeAlias: `${pascalName}Params`, returnTypeAlias: `${pascalName}Result` };
  return {
    types,
    typedQuery: { mode: 'sql', fileName: query.file, query: { name, ast, ir, ...aliases }, typeDeclaration },
  };
}
