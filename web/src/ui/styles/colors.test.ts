import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SOURCE = join(import.meta.dirname, '..', '..');
/** Where colors may have a value: the tokens, the coins of assets, the shade of a QR code. */
const HOMES = new Set(['tokens.css', 'assets.css', 'components.css']);

describe('colors', () => {
  it('have their values in the tokens only', () => {
    const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.(css|tsx?)$/.test(name) && !name.includes('.test.'))
      .filter((name) => !HOMES.has(name.split('/').at(-1) ?? ''));
    const found = files.filter((name) =>
      /#[0-9a-f]{3,8}\b(?!-)/i.test(
        readFileSync(join(SOURCE, name), 'utf8').replace(/url\([^)]*\)/g, ''),
      ),
    );
    expect(files.length).toBeGreaterThan(50);
    expect(found).toEqual([]);
  });
});
