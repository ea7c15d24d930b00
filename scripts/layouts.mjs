/**
 * The layouts that the table can have, each by the folders of its migrations.
 *
 * @typedef {keyof typeof MIGRATION_FOLDERS} Layout
 */
const MIGRATION_FOLDERS = {
  plain: ['db/migrations'],
  partitioned: ['db/migrations', 'db/layouts/partitioned'],
  citus: ['db/migrations', 'db/layouts/citus'],
};

/** @type {readonly Layout[]} */
export const LAYOUTS = /** @type {Layout[]} */ (Object.keys(MIGRATION_FOLDERS));

/**
 * What dbmate has to be told to make a layout.
 *
 * @param {Layout} layout
 * @returns {string[]}
 */
export function dbmateOptions(layout) {
  return MIGRATION_FOLDERS[layout].flatMap((folder) => ['--migrations-dir', folder]);
}

/**
 * @param {string} text
 * @param {string} where What to name in the error: an option or a variable.
 * @returns {Layout}
 */
export function parseLayout(text, where) {
  const layout = LAYOUTS.find((each) => each === text);
  if (layout === undefined) {
    throw new Error(`${where} must be one of ${LAYOUTS.join(', ')}, not ${text}`);
  }
  return layout;
}
