/** The page alone, against a scripted exchange: faults of the line, refusals, keyboard, bounds. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type Browser,
  findChromium,
  NARROW,
  openBrowser,
  type Served,
  serveBuild,
  WIDE,
} from './browser.ts';
import { ACCOUNT } from './fake-data.ts';
import { FakeExchange } from './fake-exchange.ts';

const chromium = findChromium();
if (chromium === null) console.warn('skipped: there is no chromium on this machine');

describe.skipIf(chromium === null)('the page', () => {
  let browser: Browser;
  let served: Served;
  let page: Page;
  let exchange: FakeExchange;
  let faults: string[];

  beforeAll(async () => {
    served = await serveBuild();
    browser = await openBrowser(chromium ?? '');
  });

  afterAll(async () => {
    await browser?.close();
    await served?.close();
  });

  beforeEach(async () => {
    page = await browser.context.newPage();
    await page.setViewportSize(WIDE);
    exchange = await FakeExchange.on(page);
    faults = [];
    page.on('pageerror', (error) => faults.push(error.message));
  });

  afterEach(async () => {
    await page.close();
    expect(faults).toEqual([]);
  });

  const open = () => page.goto(`${served.url}/trade/BTCUSDT`);
  const at = (id: string) => page.getByTestId(id);
  const price = (nth: number) => at('book-bid-row').nth(nth).getAttribute('data-price');

  async function logIn() {
    await page.goto(`${served.url}/login`);
    await page.getByLabel('Email').fill(ACCOUNT.email);
    await page.getByLabel('Password', { exact: true }).fill(ACCOUNT.password);
    await at('auth-submit').click();
    await at('open-order-row').first().waitFor();
  }

  async function write(priceText: string, amount: string) {
    await at('form-price').fill(priceText);
    await at('form-qty').fill(amount);
  }

  async function sendOrder() {
    await at('form-submit').click();
    await at('form-submit').click();
  }

  it('lets everyone watch, and asks to log in to trade', async () => {
    await open();
    await at('book-bid-row').first().waitFor();
    expect(await at('book-ask-row').count()).toBe(11);
    expect(await at('form-submit').textContent()).toBe('Log in to trade');
    await at('form-submit').click();
    await page.waitForURL('**/login');
    await page.getByText('You will return to BTC/USDT.').waitFor();
  });

  it('says which of email and password is missing, and that they do not match', async () => {
    await page.goto(`${served.url}/login`);
    await at('auth-submit').click();
    expect(await page.getByRole('alert').first().textContent()).toBe('Enter your email.');
    await page.getByLabel('Email').fill(ACCOUNT.email);
    await page.getByLabel('Password', { exact: true }).fill('wrong');
    await page.keyboard.press('Enter');
    const alert = page.getByText('Email and password do not match an account.');
    await alert.waitFor();
  });

  it('keeps the token out of every storage of the browser', async () => {
    await logIn();
    const kept = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).not.toContain(ACCOUNT.accessToken);
    expect(await page.context().cookies()).toEqual([]);
  });

  it('sends the chosen self-trade prevention, and takes it back where it was refused', async () => {
    await logIn();
    await at('account-open').click();
    const choice = at('settings-prevention');
    await page.getByText('Open orders keep what they were placed with.').waitFor();
    expect(await choice.inputValue()).toBe('expire_taker');
    await choice.selectOption({ label: 'Both shrink' });
    await page.getByText('Saved. It counts from your next order on.').waitFor();
    expect(exchange.settings.selfTradePrevention).toBe('decrement');
    exchange.refusesSettings = true;
    await choice.selectOption({ label: 'They trade' });
    await page.getByText('The core is away.').waitFor();
    expect(await choice.inputValue()).toBe('decrement');
    await page.keyboard.press('Escape');
    await choice.waitFor({ state: 'detached' });
  });

  it('applies changes of the book, and asks for a snapshot when one is missing', async () => {
    await open();
    await at('book-bid-row').first().waitFor();
    exchange.updateBook({ bids: [['64018.4', '7.00000']] });
    await page.locator('[data-testid=book-bid-row][data-qty="7.00000"]').waitFor();
    const before = exchange.opened.length;
    exchange.updateBook({ bids: [['64018.4', '9.00000']] }, 3);
    await page
      .locator('[data-testid=book-bid-row][data-qty="7.00000"]')
      .waitFor({ state: 'detached' });
    expect(exchange.opened.slice(before)).toEqual(['/ws/orderbook/BTCUSDT']);
    expect(await page.locator('[data-qty="9.00000"]').count()).toBe(0);
    expect(await price(0)).toBe('64018.4');
  });

  it('paints the book at most ten times a second, however fast it changes', async () => {
    await open();
    await at('book-bid-row').first().waitFor();
    await page.evaluate(() => {
      const book = document.querySelector('[data-testid=book]');
      const counter = { paints: 0 };
      Object.assign(window, { counter });
      new MutationObserver(() => {
        counter.paints += 1;
      }).observe(book as Node, {
        subtree: true,
        characterData: true,
        attributes: true,
        childList: true,
      });
    });
    for (let index = 1; index <= 100; index += 1) {
      exchange.updateBook({ bids: [['64018.4', `${index}.00000`]] });
      await page.waitForTimeout(10);
    }
    await page.locator('[data-testid=book-bid-row][data-qty="100.00000"]').waitFor();
    const paints = await page.evaluate(
      () => (window as unknown as { counter: { paints: number } }).counter.paints,
    );
    expect(paints).toBeGreaterThan(2);
    expect(paints).toBeLessThanOrEqual(40);
  });

  it('shows a lost line, and heals without a reload', async () => {
    await logIn();
    const place = await at('book-spread').boundingBox();
    exchange.refusesSockets = true;
    await exchange.cut();
    await at('conn-banner').waitFor();
    expect(await at('book-spread').boundingBox()).toEqual(place);
    expect(await at('conn-status').textContent()).toBe('Reconnecting');
    exchange.refusesSockets = false;
    await at('conn-banner').waitFor({ state: 'detached' });
    expect(await at('conn-status').textContent()).toBe('Live');
    expect(await at('open-order-row').count()).toBe(5);
    exchange.updateBook({ bids: [['64018.4', '3.00000']] });
    await page.locator('[data-testid=book-bid-row][data-qty="3.00000"]').waitFor();
  });

  it('calls an open line that says nothing stale', async () => {
    await open();
    await page.locator('[data-testid=conn-status][data-state=live]').waitFor();
    exchange.isMute = true;
    await page.locator('[data-testid=conn-status][data-state=stale]').waitFor({ timeout: 8_000 });
    expect(await at('conn-banner').textContent()).toContain('No data since');
    exchange.isMute = false;
    await page.locator('[data-testid=conn-status][data-state=live]').waitFor({ timeout: 8_000 });
  });

  it('places one order for a double click, after asking', async () => {
    await logIn();
    await write('63,900.0', '.12208');
    await at('form-submit').click();
    expect(exchange.placed).toEqual([]);
    await at('form-submit').dblclick();
    await page.locator('[data-testid=open-order-row][data-order-id="9001"]').waitFor();
    expect(exchange.placed).toHaveLength(1);
    expect(exchange.placed[0]).toMatchObject({
      price: '63900.0',
      quantity: '0.12208',
      side: 'buy',
    });
  });

  it('puts a refusal at its field, in the words of the exchange', async () => {
    await logIn();
    const detail = 'A post-only order at 64030.0 would take.';
    exchange.onPlace = () => ({
      status: 400,
      body: {
        code: 'ORDER_011',
        title: 'Would take',
        detail,
        errors: [{ field: 'price', rule: 'x', message: detail }],
      },
    });
    await write('64030', '0.1');
    await sendOrder();
    await page.getByText(detail).waitFor();
    expect(await at('form-price').getAttribute('aria-invalid')).toBe('true');
    expect(await at('form-price').evaluate((field) => field === document.activeElement)).toBe(true);
    await at('form-price').fill('64010');
    expect(await at('form-price').getAttribute('aria-invalid')).toBe('false');
  });

  it('sends the same order under the same id when no answer came', async () => {
    await logIn();
    exchange.onPlace = () => 'no-answer';
    await write('63900', '0.1');
    await sendOrder();
    await page.getByText('No answer came.').waitFor();
    exchange.onPlace = (body) => ({ status: 200, body: exchange.accept(body) });
    await at('form-submit').click();
    await page.locator('[data-testid=open-order-row][data-order-id="9001"]').waitFor();
    const ids = exchange.placed.map((body) => body.clientOrderId);
    expect(ids).toHaveLength(2);
    expect(ids[0]).toBe(ids[1]);
  });

  it('judges before it sends: steps, balance, and what to use instead', async () => {
    await logIn();
    await write('63900.05', '0.1');
    expect(await at('form-submit').textContent()).toBe('Fix the price');
    await page.getByRole('button', { name: 'Use 63900', exact: true }).click();
    await at('form-qty').fill('0.6');
    expect(await at('form-submit').textContent()).toBe('Not enough USDT');
    await page.getByRole('button', { name: 'Use 0.48833' }).click();
    expect(await at('form-submit').textContent()).toBe('Buy 0.48833 BTC at 63,900.0');
  });

  it('takes a click on a level, and what was there when the pointer went down', async () => {
    await logIn();
    const shown = await price(3);
    const row = at('book-bid-row').nth(3).locator('[data-cell=price]');
    const box = await row.boundingBox();
    if (box === null) throw new Error('the row is not on screen');
    await page.mouse.move(box.x + 10, box.y + 10);
    await page.mouse.down();
    exchange.updateBook({
      bids: [
        ['64018.3', '1.00000'],
        ['64018.2', '1.00000'],
      ],
    });
    await page.waitForTimeout(300);
    await page.mouse.up();
    expect(await at('form-price').getAttribute('data-value')).toBe(shown);
    expect(exchange.placed).toEqual([]);
  });

  it('places an order by keyboard alone', async () => {
    await logIn();
    await at('form-price').focus();
    await page.keyboard.type('63900');
    await page.keyboard.press('Shift+ArrowUp');
    expect(await at('form-price').getAttribute('data-value')).toBe('63901.0');
    await at('form-qty').focus();
    await page.keyboard.type('0,2');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing is sent yet.').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('[data-testid=open-order-row][data-order-id="9001"]').waitFor();
    expect(exchange.placed[0]).toMatchObject({ price: '63901.0', quantity: '0.20000' });
  });

  it('says what each type of order waits for, and marks the legs of a list', async () => {
    await logIn();
    const known = exchange.orders[2] ?? {};
    const waits = { ...known, status: 'pending_trigger', price: null, timeInForce: 'IOC', seq: 9 };
    exchange.tellOrder({
      ...waits,
      id: '1600',
      type: 'stop',
      side: 'sell',
      triggerPrice: '60000.0',
    });
    exchange.tellOrder({
      ...waits,
      id: '1616',
      type: 'trailing_stop',
      side: 'sell',
      trailingBips: 150,
    });
    exchange.tellOrder({
      ...known,
      id: '1632',
      type: 'iceberg',
      displayQuantity: '0.10000',
      seq: 9,
    });
    exchange.tellOrder({ ...known, id: '1648', listId: '1648', seq: 9 });
    exchange.tellOrder({ ...known, id: '1664', listId: '1648', status: 'pending_trigger', seq: 9 });
    const row = (id: string) => page.locator(`[data-testid=open-order-row][data-order-id="${id}"]`);
    const says = async (id: string) => (await row(id).innerText()).replace(/[\s\u00a0]+/g, ' ');
    await row('1664').waitFor();
    expect(await says('1600')).toMatch(/Stop market.*IOC · last ≤ 60,000\.0 Waiting/);
    expect(await says('1616')).toMatch(/Trailing stop.*IOC · trails 1\.5 % Waiting/);
    expect(await says('1632')).toMatch(/Iceberg.*shows 0\.1 Open/);
    expect(await says('1648')).toMatch(/Limit List 1648, leg 1 .*Open/);
    expect(await says('1664')).toMatch(/Limit List 1648, leg 2 .*waits for its list Waiting/);
    exchange.tellOrder({
      ...waits,
      id: '1600',
      type: 'stop',
      side: 'sell',
      status: 'new',
      seq: 10,
    });
    await page.getByText('Order triggered, BTC/USDT').waitFor();
  });

  it('cancels all after naming how many, with the safe choice first', async () => {
    await logIn();
    await at('cancel-all').click();
    const dialog = page.getByRole('dialog', { name: 'Cancel 5 orders?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(await at('open-order-row').count()).toBe(5);
  });

  it('ends the session where the exchange ends it', async () => {
    await logIn();
    await exchange.sockets.get('/ws/orders')?.close({ code: 4401, reason: 'the token has ended' });
    await page.getByText('Log in to trade').waitFor();
    expect(await at('open-order-row').count()).toBe(0);
  });

  it.each([
    ['wide', WIDE],
    ['narrow', NARROW],
    ['smallest', { width: 360, height: 740 }],
  ])('fits a %s screen, without a number that is none', async (_name, size) => {
    await page.setViewportSize(size);
    await logIn().catch(() => undefined);
    await at('form-submit').or(page.locator('.buybar')).first().waitFor();
    for (const tab of ['Book', 'Trades', 'Balances', 'Chart']) {
      if (size.width < 1024) await page.getByRole('tab', { name: tab, exact: true }).click();
      const [scroll, inner] = await page.evaluate(() => [
        document.documentElement.scrollWidth,
        window.innerWidth,
      ]);
      expect(scroll).toBeLessThanOrEqual(inner ?? 0);
      // A commit like 1e52a85 looks like a number with an exponent.
      const text = await page.evaluate(() =>
        document.body.innerText.replaceAll(window.__ui?.commit ?? '', ''),
      );
      expect(text).not.toMatch(/NaN|undefined|Infinity|\d[eE][+-]?\d/);
    }
  });

  it.each([
    ['dark', WIDE],
    ['light', WIDE],
    ['dark', NARROW],
    ['light', NARROW],
  ] as const)('has nothing serious for axe: %s at %o', async (colorScheme, size) => {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize(size);
    await logIn();
    await page.locator('[data-testid=ticker-last]', { hasText: '64,018.4' }).waitFor();
    const source = readFileSync(
      createRequire(import.meta.url).resolve('axe-core/axe.min.js'),
      'utf8',
    );
    await page.evaluate(source);
    const found = await page.evaluate(async () => {
      const axe = (window as unknown as { axe: { run: (o: object) => Promise<AxeResult> } }).axe;
      const result = await axe.run({ resultTypes: ['violations'] });
      return result.violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(
          ({ id, nodes }) => `${id}: ${nodes.map((node) => node.html.slice(0, 120)).join(' | ')}`,
        );
    });
    expect(found).toEqual([]);
  });
});

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly html: string }[];
  }[];
}
