/** uPlot set up as our charts look: tokens for colours, a dashed line for each limit, a strip of bars below zero. */
import uPlot from 'uplot';
import { CHART_SECONDS, type Scale } from './chart.ts';

export interface ChartSeries {
  readonly label: string;
  readonly values: readonly (number | null)[];
  readonly as: 'area' | 'step' | 'bars';
  readonly tone: 'accent' | 'quiet';
  /** Drawn below zero. */
  readonly down?: boolean;
}

export interface ChartLimit {
  readonly value: number;
  /** The file that says so. */
  readonly label: string;
  /** Not written yet. */
  readonly pending?: boolean;
  /** Of a series that is drawn below zero. */
  readonly down?: boolean;
}

/** What is drawn besides the series; read at each drawing. */
export interface Drawn {
  scale: Scale;
  limits: readonly ChartLimit[];
  /** Shares from 0 to 1, drawn below zero; `null` for no strip. */
  strip: readonly (number | null)[] | null;
  tick: (value: number) => string;
}

/** Of the height above zero, what the strip below it takes. */
const STRIP_SHARE = 0.14;

const colours = (of: Element): ((token: string) => string) => {
  const style = getComputedStyle(of);
  return (token) => style.getPropertyValue(`--${token}`).trim();
};

const seriesOptions = (series: readonly ChartSeries[], colour: (token: string) => string): uPlot.Series[] =>
  series.map(({ label, as, tone }): uPlot.Series => {
    const stroke = colour(tone === 'accent' ? 'accent' : 'ink-3');
    const common = { label, stroke, points: { show: false }, spanGaps: false };
    if (as === 'bars') return { ...common, fill: stroke, width: 0, paths: uPlot.paths.bars!({ size: [0.8, 4, 1] }) };
    const area = { ...common, width: 1.5, fill: colour('accent-soft'), fillTo: 0 };
    return as === 'step' ? { ...area, paths: uPlot.paths.stepped!({ align: 1 }) } : area;
  });

/** Canvas pixels throughout. */
const drawLimits = (plot: uPlot, drawn: Drawn, colour: (token: string) => string): void => {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  for (const { value, label, pending, down } of drawn.limits) {
    if (value > drawn.scale.max) continue;
    const y = Math.round(plot.valToPos(down ? -value : value, 'y', true));
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour(pending ? 'accent' : 'ink-2');
    ctx.lineWidth = pending ? 2 * ratio : ratio;
    ctx.setLineDash(pending ? [2 * ratio, 3 * ratio] : [4 * ratio, 3 * ratio]);
    ctx.beginPath();
    ctx.moveTo(bbox.left, y);
    ctx.lineTo(bbox.left + bbox.width, y);
    ctx.stroke();
    ctx.font = `${11 * ratio}px ${colour('font-ui')}`;
    ctx.textAlign = pending ? 'left' : 'right';
    ctx.textBaseline = down ? 'top' : 'bottom';
    ctx.fillText(label, bbox.left + (pending ? 6 * ratio : bbox.width), y + (down ? 3 : -3) * ratio);
    ctx.restore();
  }
};

const drawStrip = (plot: uPlot, strip: readonly (number | null)[], colour: (token: string) => string): void => {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  const [top, bottom] = [plot.valToPos(0, 'y', true) + 3 * ratio, bbox.top + bbox.height];
  const width = Math.max(ratio, (bbox.width / CHART_SECONDS) * 0.8);
  ctx.save();
  ctx.fillStyle = colour('line-2');
  ctx.fillRect(bbox.left, bottom - ratio, bbox.width, ratio);
  ctx.fillStyle = colour('warn');
  for (const [index, share] of strip.entries()) {
    const at = plot.data[0][index];
    if (share === null || share <= 0 || at === undefined) continue;
    const height = Math.max(2 * ratio, share * (bottom - top));
    ctx.fillRect(plot.valToPos(at, 'x', true) - width / 2, bottom - height, width, height);
  }
  ctx.restore();
};

/** `drawn` may change between drawings; whoever changes it calls setData. `oncursor`: the index under the pointer. */
export const makePlot = (
  into: HTMLElement,
  series: readonly ChartSeries[],
  drawn: Drawn,
  oncursor: (index: number | null, left: number) => void,
): uPlot => {
  const colour = colours(into);
  const font = `11px ${colour('font-ui')}`;
  const floor = (): number => (drawn.strip === null ? drawn.scale.min : -drawn.scale.max * STRIP_SHARE);
  return new uPlot(
    {
      width: Math.max(into.clientWidth, 1),
      height: Math.max(into.clientHeight, 1),
      padding: [14, 0, 7, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false, setScale: false },
        points: { size: 6, width: 1.5, fill: colour('bg-1') },
      },
      scales: {
        x: { time: false, range: () => [-CHART_SECONDS, 0] },
        y: { range: () => [floor(), drawn.scale.max] },
      },
      axes: [
        { show: false },
        {
          stroke: colour('ink-3'),
          font,
          size: 36,
          gap: 8,
          ticks: { show: false },
          grid: { stroke: colour('line-1'), width: 1 },
          splits: () => [...drawn.scale.ticks],
          values: (_, splits) => splits.map((tick) => drawn.tick(Math.abs(tick))),
        },
      ],
      series: [{}, ...seriesOptions(series, colour)],
      hooks: {
        draw: [
          (plot) => {
            if (drawn.strip !== null) drawStrip(plot, drawn.strip, colour);
            drawLimits(plot, drawn, colour);
          },
        ],
        setCursor: [({ cursor }) => oncursor(cursor.left !== undefined && cursor.left >= 0 ? (cursor.idx ?? null) : null, cursor.left ?? 0)], // prettier-ignore
      },
    },
    [[], ...series.map(() => [])],
    into,
  );
};
