const fs = require('node:fs');
const path = require('node:path');

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];

/** @returns {string | undefined} the program of `CHROMIUM_PATH`, or one in `PATH`. */
function findChromium() {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  const inPath = PATH.split(path.delimiter).flatMap((folder) => NAMES.map((name) => path.join(folder, name)));
  return CHROMIUM_PATH || inPath.find((file) => fs.existsSync(file));
}

module.exports = { findChromium };
