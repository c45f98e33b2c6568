/** Debian's Chromium, driven by playwright-core, and the built app served as the gateway does. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from 'playwright-core';
import { preview } from 'vite';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--hide-scrollbars',
] as const;

export const WIDE = { width: 1440, height: 900 } as const;
export const NARROW = { width: 390, height: 844 } as const;

/** Return where Chromium is, or null: the caller then skips and says so. */
export function findChromium(): string | null {
  const chosen = process.env.BEZANT_CHROMIUM;
  if (chosen !== undefined) return chosen;
  try {
    return execFileSync('sh', ['-c', 'command -v chromium || command -v chromium-browser'])
      .toString()
      .trim();
  } catch {
    return null;
  }
}

export interface Browser {
  readonly context: BrowserContext;
  readonly close: () => Promise<void>;
}

/** Start a browser with nothing in it. */
export async function openBrowser(executablePath: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'bezant-e2e-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: [...FLAGS],
    viewport: WIDE,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const close = async () => {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  };
  return { context, close };
}

export interface Served {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Serve `dist` for tests whose exchange is a fake. */
export async function serveBuild(): Promise<Served> {
  const root = join(import.meta.dirname, '..');
  const server = await preview({
    root,
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    preview: { host: '127.0.0.1', port: 18620, proxy: {} },
  });
  const url = server.resolvedUrls?.local[0];
  if (url === undefined) throw new Error('the preview server has no address');
  return { url: url.replace(/\/$/, ''), close: () => server.close() };
}
