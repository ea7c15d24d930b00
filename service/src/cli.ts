#!/usr/bin/env node
import { runProgram } from './program';

runProgram(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
