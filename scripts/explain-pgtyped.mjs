/**
 * @typedef {import('./check-queries.mjs').Problem} Problem
 * @typedef {import('./query-files.mjs').QueryFile} QueryFile
 */

/**
 * @param {import('./run-pgtyped.mjs').PgtypedRun} run
 * @param {QueryFile[]} files
 * @returns {Problem[]}
 */
export function explainPgtyped({ output, complaints }, files) {
  const problems = explainComplaints(complaints, files);
  for (const file of files) {
    // A complaint about a file explains what is missing from its output.
    if (problems.some(({ where }) => where.startsWith(file.file))) continue;
    problems.push(...checkOutput(file, output.get(outputName(file.file)) ?? ''));
  }
  return problems;
}

/** @param {string} file */
function outputName(file) {
  return file.replace(/^.*\//, '').replace(/\.sql$/, '.queries.ts');
}

/**
 * @param {string} complaints
 * @param {QueryFile[]} files
 * @returns {Problem[]}
 */
function explainComplaints(complaints, files) {
  /** @type {Problem[]} */
  const problems = [];
  /** @type {string[]} */
  const details = [];

  const rest = complaints
    .replace(/^Error in query\. Details: \{\n[\s\S]*?\n\}$/gm, (text) => {
      details.push([detail(text, 'message'), detail(text, 'hint')].filter(Boolean).join('. '));
      return '';
    })
    .replace(
      /^Error processing (\S+): Query "(\w+)" is invalid\. .*\nError: .*(?:\n +at .*)*/gm,
      (_, file, query) => {
        // One worker takes one file after the other, so the first details are those of the first file.
        const what = details.shift() ?? 'the server refuses it';
        problems.push({
          where: locate(files, query, file),
          what,
          remedy: 'Correct the query, or the migration it relies on.',
        });
        return '';
      },
    )
    .replace(/^Query '(\w+)' is invalid\. Query contains an anonymous column\..*$/gm, (_, query) => {
      problems.push({
        where: locate(files, query),
        what: 'a result column has no name',
        remedy: 'Name it: … AS "name!".',
      });
      return '';
    })
    .replace(
      /^Parsed file:\n((?:\d+ [|>] .*\n)*)((?:(?:Errors:|Warnings:|- .*)(?:\n|$)|\n)+)/gm,
      (_, listing, messages) => {
        const sql = listing.replace(/^\d+ [|>] /gm, '');
        const file = files.find((each) => each.sql.trim() === sql.trim())?.file ?? 'sql/';
        for (const [, line, what] of messages.matchAll(/^- \((\d+):\d+\) (.*)$/gm)) {
          const remedy =
            'Correct it. Between queries only /* … */ is a comment, and none may follow the last query.';
          problems.push({ where: `${file}:${line}`, what, remedy });
        }
        return '';
      },
    )
    .replace(/^Skipped (\S+): .*$/gm, (line, file) =>
      problems.some(({ where }) => where.startsWith(file)) ? '' : line,
    )
    .trim();

  if (rest !== '')
    problems.push({ where: 'pgtyped', what: rest, remedy: 'It has to run without a word of complaint.' });
  return problems;
}

/**
 * @param {string} text
 * @param {string} key
 */
function detail(text, key) {
  return text
    .match(new RegExp(`^ +${key}: (['"\`])(.*)\\1,?$`, 'm'))?.[2]
    ?.replace(/\\(.)/g, '$1')
    .replace(/\.$/, '');
}

/**
 * @param {QueryFile[]} files
 * @param {string} query in PascalCase
 * @param {string} [file]
 */
function locate(files, query, file) {
  for (const each of files) {
    const name = each.names.find((candidate) => candidate.name.toLowerCase() === query.toLowerCase());
    if (name !== undefined && (file ?? each.file) === each.file)
      return `${each.file}:${name.line}, ${name.name}`;
  }
  return `${file ?? 'sql/'}, ${query}`;
}

/**
 * @param {QueryFile} file
 * @param {string} output
 * @returns {Problem[]}
 */
function checkOutput({ file, names }, output) {
  const code = output.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^const \w+IR: any = .*$/gm, '');
  const missing = names.filter(({ name }) => !code.includes(`\nexport const ${name} = `));
  const untyped = [...code.matchAll(/^.*\b(?:never|unknown)\b.*$/gm)].map((match) => {
    const type = code
      .slice(0, match.index + match[0].length)
      .match(/export (?:interface|type) (\w+)/g)
      ?.at(-1);
    const query = type?.replace(/^.* (\w+?)(?:Params|Result|Query)$/, '$1') ?? '';
    return { where: locate([{ file, names, sql: '', statements: [] }], query, file), text: match[0].trim() };
  });
  return [
    ...missing.map(({ name, line }) => ({
      where: `${file}:${line}, ${name}`,
      what: 'no code was generated for this query',
      remedy: 'Its comment has to start with @name and stand right before its statement.',
    })),
    ...untyped.map(({ where, text }) => ({
      where,
      what: `pgtyped knows no type: ${text}`,
      remedy: 'Cast it to a type that pgtyped maps, or map it in pgtyped.config.json.',
    })),
  ];
}
