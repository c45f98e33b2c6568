/**
 * Prints what a first visit downloads, compressed, and stops the build when it is over the budget.
 * The numbers are those of a phone on a slow line: what grows here is felt there.
 */
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

interface Budget {
  readonly name: string;
  readonly limitKb: number;
  readonly matches: (file: string) => boolean;
}

const BUDGETS: readonly Budget[] = [
  { name: 'shell (every page)', limitKb: 130, matches: (file) => /index-.*\.js$/.test(file) },
  { name: 'JavaScript, all', limitKb: 260, matches: (file) => file.endsWith('.js') },
  { name: 'CSS, all', limitKb: 25, matches: (file) => file.endsWith('.css') },
];

export function budget(): Plugin {
  return {
    name: 'bezant-budget',
    apply: 'build',
    generateBundle(_options, bundle) {
      const sizes = Object.values(bundle).map((item) => ({
        file: item.fileName,
        bytes: gzipSync(item.type === 'chunk' ? item.code : item.source).length,
      }));
      const over: string[] = [];
      for (const { name, limitKb, matches } of BUDGETS) {
        const kb =
          sizes.filter(({ file }) => matches(file)).reduce((sum, s) => sum + s.bytes, 0) / 1000;
        console.log(`budget: ${name}: ${kb.toFixed(1)} of ${limitKb} kB gz`);
        if (kb > limitKb) over.push(name);
      }
      if (over.length > 0) this.error(`over the bundle budget: ${over.join(', ')}`);
    },
  };
}
