/** A real exchange for the browser test: the one that is named, or one of our own for the time. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const REPOSITORY = join(import.meta.dirname, '..', '..');
const READY_MS = 150_000;

export interface DemoUser {
  readonly email: string;
  readonly password: string;
}

export interface Exchange {
  readonly url: string;
  readonly trader: DemoUser;
  readonly close: () => Promise<void>;
}

/** Return BEZANT_E2E_URL with the users of BEZANT_E2E_DATA, else start `bezant up --demo`. */
export async function openExchange(): Promise<Exchange> {
  const { BEZANT_E2E_URL: url, BEZANT_E2E_DATA: data } = process.env;
  if (url !== undefined && data !== undefined) {
    return { url, trader: await readTrader(data), close: async () => undefined };
  }
  return startExchange();
}

async function startExchange(): Promise<Exchange> {
  const data = await mkdtemp(join(tmpdir(), 'bezant-web-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const command = join(REPOSITORY, '.venv', 'bin', 'bezant');
  const args = ['up', '--demo', '--data-dir', data, '--port', String(port)];
  const child = spawn(command, args, { cwd: REPOSITORY, stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  child.stdout.on('data', (text) => said.push(String(text)));
  child.stderr.on('data', (text) => said.push(String(text)));
  const close = async () => {
    await stop(child);
    await rm(data, { recursive: true, force: true });
  };
  try {
    await untilReady(url, child);
    return { url, trader: await readTrader(data), close };
  } catch (error) {
    await close();
    throw new Error(`${String(error)}; it said:\n${said.join('')}`);
  }
}

/** Wait until the exchange takes orders and each of its markets has traded. */
async function untilReady(url: string, child: ChildProcess): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if (child.exitCode !== null) throw new Error(`the exchange ended with ${child.exitCode}`);
    if (await hasTraded(url)) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the exchange was not ready in ${READY_MS / 1000} s`);
}

async function hasTraded(url: string): Promise<boolean> {
  try {
    const ready = await fetch(`${url}/health/ready`);
    if (!ready.ok) return false;
    const reply = await fetch(`${url}/api/market/tickers`);
    const { tickers } = (await reply.json()) as { tickers: { last: string | null }[] };
    return tickers.length > 0 && tickers.every(({ last }) => last !== null);
  } catch {
    return false;
  }
}

async function readTrader(data: string): Promise<DemoUser> {
  const text = await readFile(join(data, 'demo.json'), 'utf8');
  const { users } = JSON.parse(text) as { users: (DemoUser & { name: string })[] };
  const trader = users.find(({ name }) => name === 'trader');
  if (trader === undefined) throw new Error(`${data}/demo.json names no trader`);
  return trader;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 30_000);
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no free port');
  return address.port;
}
