#!/usr/bin/env node
// In a checkout the sources run as they are; an installed image holds only what was built.
import { existsSync } from 'node:fs';

const built = new URL('../dist/src/main.js', import.meta.url);
const source = new URL('../src/main.ts', import.meta.url);

if (existsSync(source)) {
  const { register } = await import('tsx/esm/api');
  register();
  await import(source.href);
} else {
  await import(built.href);
}
