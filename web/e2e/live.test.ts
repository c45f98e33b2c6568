/**
 * The page on a real exchange with its market maker: log in, place by mouse, see it, cancel it.
 *
 * With BEZANT_PICTURES=1 the pictures of the README are taken anew; else they go to a folder that
 * is forgotten.
 */
import { readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { generate, TARGET } from '../build/api-types.mjs';
import { type Browser, findChromium, NARROW, openBrowser, WIDE } from './browser.ts';
import { type Exchange, openExchange } from './exchange.ts';

const PICTURE_SIZE_MAX = 400_000;
const IMAGES = join(import.meta.dirname, '..', '..', 'docs', 'images');

const chromium = findChromium();
if (chromium === null) console.warn('skipped: there is no chromium on this machine');

describe.skipIf(chromium === null)('the page on a running exchange', () => {
  let exchange: Exchange;
  let browser: Browser;
  let page: Page;
  let pictures: string;
  const faults: string[] = [];

  beforeAll(async () => {
    exchange = await openExchange();
    browser = await openBrowser(chromium ?? '');
    page = await browser.context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text());
    });
    const isKept = process.env.BEZANT_PICTURES === '1';
    pictures = isKept ? IMAGES : await mkdtemp(join(tmpdir(), 'bezant-pictures-'));
    await mkdir(pictures, { recursive: true });
  });

  afterAll(async () => {
    await browser?.close();
    await exchange?.close();
    if (pictures !== undefined && pictures !== IMAGES) await rm(pictures, { recursive: true });
  });

  afterEach(() => expect(faults).toEqual([]));

  const at = (id: string) => page.getByTestId(id);
  const available = async (asset: string) =>
    at(`balance-available-${asset}`).getAttribute('data-value');

  it('has the types of this exchange', async () => {
    const advice = 'the API changed: run `npm run api` against this exchange';
    expect(await generate(exchange.url), advice).toBe(readFileSync(TARGET, 'utf8'));
  });

  it('shows the market to everyone, live', async () => {
    await page.goto(exchange.url);
    await page.waitForURL('**/trade/BTCUSDT');
    await page.locator('[data-testid=conn-status][data-state=live]').waitFor();
    await at('book-ask-row').nth(10).waitFor();
    await at('book-bid-row').nth(10).waitFor();
    await at('tape-row').first().waitFor();
    const before = await page.locator('.stat').getAttribute('data-sequence');
    await page.waitForFunction(
      (old) => document.querySelector('.stat')?.getAttribute('data-sequence') !== old,
      before,
    );
  });

  it('logs in as the demo trader', async () => {
    await at('form-submit').click();
    await page.getByLabel('Email').fill(exchange.trader.email);
    await page.getByLabel('Password', { exact: true }).fill(exchange.trader.password);
    await at('auth-submit').click();
    await page.waitForURL('**/trade/BTCUSDT');
    await at('balance-available-USDT').waitFor();
    // An exchange that was used before may still hold an order of the trader.
    if ((await at('cancel-all').count()) > 0) await cancelAll();
    await page.getByText('No open orders').waitFor();
  });

  async function cancelAll() {
    await at('cancel-all').click();
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Cancel \d orders?$/ })
      .click();
  }

  /** Write an order by clicks into the book: the price of one level, the size of another. */
  async function clickOrder(side: 'bid' | 'ask', nth: number) {
    await page.getByRole('radio', { name: side === 'bid' ? 'Buy' : 'Sell' }).click();
    const rows = at(`book-${side}-row`);
    // Asks stand with the best at the foot, bids with the best at the head.
    const index = side === 'bid' ? nth : 10 - nth;
    await rows.nth(index).locator('[data-cell=price]').click();
    await rows.nth(index).locator('[data-cell=size]').click();
    return at('form-price').getAttribute('data-value');
  }

  async function send(word: 'buy' | 'sell') {
    await at('form-submit').click();
    await page.getByRole('button', { name: `Confirm ${word}` }).click();
    await page.getByRole('button', { name: `Confirm ${word}` }).waitFor({ state: 'detached' });
  }

  it('places a limit order by mouse, and sees it in the book and in open orders', async () => {
    const before = await available('USDT');
    const price = await clickOrder('bid', 8);
    expect(await at('form-submit').textContent()).toMatch(/^Buy [\d.,]+ BTC at [\d.,]+$/);
    await send('buy');

    await at('open-order-row').waitFor();
    expect(await at('open-order-row').getAttribute('data-status')).toBe('new');
    const level = page.locator(`[data-testid=book-bid-row][data-price="${price}"][data-own=true]`);
    await level.waitFor();
    await page.waitForFunction(
      (old) =>
        document
          .querySelector('[data-testid=balance-available-USDT]')
          ?.getAttribute('data-value') !== old,
      before,
    );
    expect(await at('balance-hold-USDT').getAttribute('data-value')).not.toMatch(/^0(\.0*)?$/);
  });

  it('places more on both sides', async () => {
    await clickOrder('ask', 7);
    await send('sell');
    await clickOrder('ask', 9);
    await send('sell');
    await clickOrder('bid', 9);
    await send('buy');
    await at('open-order-row').nth(3).waitFor();
    await clickOrder('bid', 5);
  });

  it.each([
    ['trade-1440-dark', WIDE, 'dark'],
    ['trade-1440-light', WIDE, 'light'],
    ['trade-390-dark', NARROW, 'dark'],
    ['trade-390-light', NARROW, 'light'],
  ] as const)('has its picture taken: %s', async (name, size, colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    const closeMessage = page.getByRole('button', { name: 'Close message' });
    while (await closeMessage.count()) await closeMessage.first().click();
    await page.getByRole('button', { name: '1m', exact: true }).click();
    await page.locator('[data-testid=chart]:not([data-last-close=""])').waitFor();
    await page.waitForTimeout(700);
    const file = join(pictures, `${name}.png`);
    await page.screenshot({ path: file });
    expect((await stat(file)).size).toBeLessThan(PICTURE_SIZE_MAX);
    const [scroll, inner] = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      window.innerWidth,
    ]);
    expect(scroll).toBeLessThanOrEqual(inner ?? 0);
  });

  it('cancels one order by mouse, and sees it go', async () => {
    await page.setViewportSize(WIDE);
    const first = at('open-order-row').first();
    const id = await first.getAttribute('data-order-id');
    await first.getByTestId('cancel-order').click();
    await page.locator(`[data-order-id="${id}"]`).waitFor({ state: 'detached' });
    await page.getByRole('tab', { name: 'History' }).click();
    await page.locator(`[data-testid=history-row][data-order-id="${id}"]`).waitFor();
    await page.getByRole('tab', { name: 'Open orders' }).click();
  });

  it('cancels all others, after asking, and sees them go', async () => {
    await cancelAll();
    await page.getByText('No open orders').waitFor();
    await page.locator('[data-own=true]').first().waitFor({ state: 'detached' });
    await page.waitForFunction(() =>
      /^0(\.0*)?$/.test(
        document.querySelector('[data-testid=balance-hold-USDT]')?.getAttribute('data-value') ?? '',
      ),
    );
  });

  it('buys at market, and sees the fill and the new balance', async () => {
    const before = await available('BTC');
    await page.getByRole('tab', { name: 'Market', exact: true }).click();
    await at('form-total').fill('500');
    await at('form-submit').click();
    await page.getByRole('button', { name: 'Confirm buy' }).click();
    await at('toast').filter({ hasText: 'Bought' }).waitFor();
    await page.getByRole('tab', { name: 'Fills' }).click();
    await at('fill-row').first().waitFor();
    await page.waitForFunction(
      (old) =>
        document
          .querySelector('[data-testid=balance-available-BTC]')
          ?.getAttribute('data-value') !== old,
      before,
    );
  });

  it('goes to another market by keyboard', async () => {
    await at('market-picker').click();
    await page.keyboard.type('ethbtc');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/trade/ETHBTC');
    await at('book-bid-row').first().waitFor();
    expect(await at('form-qty').inputValue()).toBe('');
  });
});
