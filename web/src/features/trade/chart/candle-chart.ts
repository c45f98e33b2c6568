/** The drawing of candles: the one place that talks to the chart library. */
import {
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  createChart,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineSeries,
  LineStyle,
  type LogicalRange,
  type MouseEventParams,
  type UTCTimestamp,
} from 'lightweight-charts';
import type { Candle, Market, Order } from '@/data/types';
import { shorten } from '@/lib/decimal';
import { grouped } from '@/lib/numbers';
import { isSameCandle } from './candles';
import { exponentialAverage, simpleAverage, toBar, toPixelNumber, toVolume } from './pixels';

const FONT = "'IBM Plex Sans Variable','Liberation Sans',Arial,sans-serif";
/** A bar and its gap, as the design draws them. */
const BAR_PX = 7;
/** A young market's few bars are drawn wider, up to this width. */
const BARS_MIN = 45;
const OLDER_BEFORE = 15;

export interface ChartEvents {
  /** The crosshair stands at this candle; null when it left. */
  readonly pointed: (openTime: number | null) => void;
  /** The view comes to the beginning of what is known. */
  readonly wantsOlder: () => void;
}

export class CandleChart {
  private readonly chart: IChartApi;
  private readonly bars: ISeriesApi<'Candlestick'>;
  private readonly volume: ISeriesApi<'Histogram'>;
  private readonly simple: ISeriesApi<'Line'>;
  private readonly exponential: ISeriesApi<'Line'>;
  private lines: IPriceLine[] = [];
  private shown: readonly Candle[] = [];
  private colors = readColors();

  constructor(element: HTMLElement, market: Market, events: ChartEvents) {
    this.chart = createChart(element, { autoSize: true });
    const quiet = { lineWidth: 1, priceLineVisible: false, lastValueVisible: false } as const;
    this.volume = this.chart.addSeries(HistogramSeries, {
      priceScaleId: 'volume',
      priceLineVisible: false,
      lastValueVisible: false,
    });
    this.simple = this.chart.addSeries(LineSeries, { ...quiet, crosshairMarkerVisible: false });
    this.exponential = this.chart.addSeries(LineSeries, {
      ...quiet,
      crosshairMarkerVisible: false,
    });
    this.bars = this.chart.addSeries(CandlestickSeries, {
      priceFormat: {
        type: 'price',
        precision: market.priceScale,
        minMove: toPixelNumber(market.tickSize),
      },
      priceLineStyle: LineStyle.Dotted,
    });
    this.chart.priceScale('volume').applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
    this.bars.priceScale().applyOptions({ scaleMargins: { top: 0.09, bottom: 0.2 } });
    this.chart.applyOptions({
      localization: {
        priceFormatter: (price: number) => grouped(price.toFixed(market.priceScale)),
      },
    });
    this.paintColors();
    this.chart.subscribeCrosshairMove((event) => events.pointed(pointedTime(event)));
    this.chart.timeScale().subscribeVisibleLogicalRangeChange((range) => {
      if (isAtBeginning(range) && this.shown.length > 0) events.wantsOlder();
    });
  }

  /** Draw the candles: only what changed at the end, all of them where more than that did. */
  show(candles: readonly Candle[]): void {
    const before = this.shown;
    this.shown = candles;
    const grownBy = candles.length - before.length;
    const isSameHistory =
      before.length > 1 &&
      grownBy >= 0 &&
      grownBy <= 1 &&
      candles[0]?.openTime === before[0]?.openTime &&
      isSameCandle(candles[before.length - 2], before[before.length - 2]);
    if (!isSameHistory) {
      this.showAll(before.length === 0);
      return;
    }
    for (const candle of candles.slice(before.length - 1)) {
      this.bars.update(toBar(candle));
      this.volume.update(toVolume(candle, this.volumeColors()));
    }
    const [simple, exponential] = [
      simpleAverage(candles).at(-1),
      exponentialAverage(candles).at(-1),
    ];
    if (simple !== undefined) this.simple.update(simple);
    if (exponential !== undefined) this.exponential.update(exponential);
  }

  /** Draw one's open orders as lines. */
  showOrders(orders: readonly Order[]): void {
    for (const line of this.lines) this.bars.removePriceLine(line);
    this.lines = orders.flatMap((order) => {
      if (order.price === null) return [];
      const side = order.side === 'buy' ? 'Buy' : 'Sell';
      return [
        this.bars.createPriceLine({
          price: toPixelNumber(order.price),
          color: this.colors.gold,
          lineWidth: 1,
          lineStyle: LineStyle.Dashed,
          axisLabelVisible: true,
          axisLabelColor: this.colors.goldSoft,
          axisLabelTextColor: this.colors.goldText,
          title: `${side} ${shorten(order.quantity ?? '')}`,
        }),
      ];
    });
  }

  /** Take the colors of the page's theme. */
  paintColors(): void {
    this.colors = readColors();
    const c = this.colors;
    this.chart.applyOptions({
      layout: {
        background: { type: ColorType.Solid, color: c.panel },
        textColor: c.label,
        fontFamily: FONT,
        fontSize: 11,
        attributionLogo: true,
      },
      grid: { vertLines: { color: c.grid }, horzLines: { color: c.grid } },
      rightPriceScale: { borderColor: c.line, minimumWidth: 64, entireTextOnly: true },
      timeScale: {
        borderColor: c.line,
        timeVisible: true,
        secondsVisible: false,
        rightOffset: 3,
        minBarSpacing: 2,
      },
      crosshair: {
        mode: CrosshairMode.Normal,
        vertLine: { color: c.cross, style: LineStyle.Dashed, labelBackgroundColor: c.chosen },
        horzLine: { color: c.cross, style: LineStyle.Dashed, labelBackgroundColor: c.chosen },
      },
    });
    this.bars.applyOptions({
      upColor: c.panel,
      borderUpColor: c.buy,
      wickUpColor: c.buy,
      downColor: c.sell,
      borderDownColor: c.sell,
      wickDownColor: c.sell,
    });
    this.simple.applyOptions({ color: c.averageA });
    this.exponential.applyOptions({ color: c.averageB });
    this.tintLast();
    this.volume.setData(this.shown.map((candle) => toVolume(candle, this.volumeColors())));
  }

  remove(): void {
    this.chart.remove();
  }

  private showAll(isFirst: boolean): void {
    this.bars.setData(this.shown.map(toBar));
    this.volume.setData(this.shown.map((candle) => toVolume(candle, this.volumeColors())));
    this.simple.setData(simpleAverage(this.shown));
    this.exponential.setData(exponentialAverage(this.shown));
    this.tintLast();
    if (!isFirst || this.shown.length === 0) return;
    const to = this.shown.length + 2;
    const room = Math.floor(this.width() / BAR_PX);
    const bars = Math.min(room, Math.max(BARS_MIN, to));
    this.chart.timeScale().setVisibleLogicalRange({ from: to - bars, to });
  }

  /** The last price's label has the color of its candle; the library takes it from the fill. */
  private tintLast(): void {
    const last = this.shown.at(-1);
    const rose = last === undefined || toPixelNumber(last.close) >= toPixelNumber(last.open);
    this.bars.applyOptions({ priceLineColor: rose ? this.colors.buy : this.colors.sell });
  }

  private width(): number {
    return this.chart.timeScale().width() || BARS_MIN * BAR_PX;
  }

  private volumeColors() {
    return { up: this.colors.buyBar, down: this.colors.sellBar };
  }
}

function pointedTime(event: MouseEventParams): number | null {
  return typeof event.time === 'number' ? (event.time as UTCTimestamp) * 1000 : null;
}

function isAtBeginning(range: LogicalRange | null): boolean {
  return range !== null && range.from < OLDER_BEFORE;
}

/** Return the colors that the page's theme has now. */
function readColors() {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    panel: read('--bg-1'),
    chosen: read('--bg-4'),
    label: read('--text-3'),
    line: read('--line'),
    grid: read('--chart-grid'),
    cross: read('--chart-cross'),
    buy: read('--buy'),
    sell: read('--sell'),
    buyBar: read('--buy-bar'),
    sellBar: read('--sell-bar'),
    gold: read('--gold'),
    goldSoft: read('--gold-soft'),
    goldText: read('--gold-text'),
    averageA: read('--chart-a'),
    averageB: read('--chart-b'),
  };
}
