const { transformSync } = require('esbuild');

/** Strips the types, as tsx does for scripts: `npm run check` looks at them. */
module.exports = {
  /** @type {import('@jest/transform').SyncTransformer<import('esbuild').TransformOptions>['process']} */
  process(source, file, { transformerConfig }) {
    return transformSync(source, { ...transformerConfig, sourcefile: file });
  },
};
