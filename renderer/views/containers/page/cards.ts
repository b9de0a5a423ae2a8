/** The figures of a container as cards: a title, the file, the figure, what it is measured against, and what is drawn. */
import type { ContainerUse, Counted, IoLimit, UsePoint } from '../../../../shared/container-use.ts';
import { knownLimit, withoutLimit, type LimitNow } from '../../../../shared/container-use-words.ts';
import type { Reading } from '../../../../shared/model.ts';
import { bytesInWords } from '../../../../shared/sentence.ts';
import { visible } from '../../../../shared/text.ts';
import type { ChartLimit, ChartSeries } from '../../../parts/chart-plot.ts';
import { extremes } from '../../../parts/chart.ts';
import { counted, oneDecimal } from '../../../parts/format.ts';

export interface Card {
  readonly title: string;
  readonly file: string;
  readonly path: string | null;
  readonly figure: string;
  readonly beside: string;
  readonly note: string;
  /** A line of its own; empty for none. */
  readonly detail: string;
  readonly warn: boolean;
  readonly failure: Extract<Reading<unknown>, { ok: false }> | null;
  readonly series: readonly ChartSeries[];
  readonly limits: readonly ChartLimit[];
  readonly strip: { readonly label: string; readonly values: readonly (number | null)[] } | null;
  readonly words: (value: number) => string;
  readonly tick: (value: number) => string;
  readonly unit: number;
  readonly whole: boolean;
  readonly least: number;
  readonly summary: string;
}

interface Draft {
  readonly path: string;
  readonly value: number;
}

const percent = (value: number): string => `${oneDecimal(value)} %`;
const plain = (value: number): string => String(Number(value.toPrecision(4)));
export const perSecond = (bytes: number): string => `${bytesInWords(bytes)}/s`;

/** Up to here a figure is drawn in this unit, so that ticks are round numbers of it. */
const unitFor = (bytes: number): number => 1024 ** Math.max(0, Math.min(4, Math.floor(Math.log2(Math.max(bytes, 1)) / 10))); // prettier-ignore
const UNIT_NAMES = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'];
export const unitName = (unit: number): string => UNIT_NAMES[Math.round(Math.log2(unit) / 10)] ?? '';

const highest = (...series: (readonly (number | null)[])[]): number => Math.max(0, ...series.flat().map((value) => value ?? 0)); // prettier-ignore
const failureOf = ({ reading }: Counted<unknown>): Card['failure'] => (reading.ok ? null : reading);

/** `over the last 5 minutes: now 41.7 %, lowest 9.1 %, highest 50 %; limit 50 %`: for whoever does not see the chart. */
const inWords = (
  title: string,
  series: readonly ChartSeries[],
  words: Card['words'],
  limits: readonly ChartLimit[],
) => {
  const parts = series.map(({ label, values }) => {
    const found = extremes(values);
    const said = found === null ? 'nothing known yet' : `now ${words(found.last)}, lowest ${words(found.min)}, highest ${words(found.max)}`; // prettier-ignore
    return series.length > 1 ? `${label} ${said}` : said;
  });
  const limit = limits.map(({ value, label }) => `; limit ${words(value)} by ${label}`).join('');
  return `${title} over the last 5 minutes: ${parts.join('; ')}${limit}`;
};

const limitLine = (limit: LimitNow | null, scale = 1): ChartLimit[] =>
  limit === null ? [] : [{ value: limit.value * scale, label: limit.setBy === null ? limit.file : `${limit.file} of ${visible(limit.setBy)}` }]; // prettier-ignore

/** `12 reads/s, 3 writes/s`; empty where they are not counted. */
const requestsInWords = ({ readsRate, writesRate }: UsePoint): string =>
  readsRate === null || writesRate === null
    ? ''
    : `${oneDecimal(readsRate)} reads/s, ${oneDecimal(writesRate)} writes/s`;

const ioLimitInWords = ({ device, what, value, setBy }: IoLimit): string => {
  const amount = what.endsWith('bps') ? perSecond(value) : `${value} requests/s`;
  return `${visible(device)} ${what} ${amount}${setBy === null ? '' : ` of ${visible(setBy.slice(setBy.lastIndexOf('/') + 1))}`}`;
};

const ioLimitWords = (use: ContainerUse): string => {
  if (use.source === 'processes') return 'no limit of its own';
  if (!use.ioLimits.ok) return 'limit not readable';
  return use.ioLimits.value.length === 0 ? 'no limit' : use.ioLimits.value.map(ioLimitInWords).join(', ');
};

/** A limit is of one disk, the figures are of all: the label says of which. Requests are not drawn. */
const ioLimitLines = ({ ioLimits }: ContainerUse): ChartLimit[] =>
  (ioLimits.ok ? ioLimits.value : [])
    .filter(({ what }) => what === 'rbps' || what === 'wbps')
    .map((limit) => ({ value: limit.value, label: ioLimitInWords(limit), down: limit.what === 'wbps' }));

/** `sharing`: who else the network's figures are of. `pending`: a limit that is being typed. */
export const cardsOf = (
  use: ContainerUse,
  points: readonly UsePoint[],
  sharing: string,
  { pending }: { readonly pending: Draft | null },
): Card[] => {
  const last = points.at(-1) ?? null;
  const pendingLine = (limit: string | undefined, scale = 1): ChartLimit[] =>
    pending !== null && pending.path === limit
      ? [{ value: pending.value * scale, label: 'new limit, not written yet', pending: true }]
      : [];
  const ownPath = (resource: string): string | undefined => use.limits.find((one) => one.resource === resource)?.own?.path; // prettier-ignore
  const series = (
    label: string,
    as: ChartSeries['as'],
    pick: (point: UsePoint) => number | null,
    more: Partial<ChartSeries> = {},
  ): ChartSeries =>
    // prettier-ignore
    ({ label, as, tone: 'accent', values: points.map(pick), ...more });
  const base = { strip: null, unit: 1, whole: false, least: 0, warn: false, note: '', detail: '' };

  const cpu = knownLimit(use, 'cpu');
  const share = last?.throttledShare ?? 0;
  const cpuSeries = [series('CPU', 'area', (point) => point.cpuPercent)];
  const cpuLimits = [...limitLine(cpu, 100), ...pendingLine(ownPath('cpu'), 100)];
  const counters = use.cpu.reading.ok ? use.cpu.reading.value : null;

  const memory = knownLimit(use, 'memory');
  const events = use.memory.reading.ok ? use.memory.reading.value : null;
  const memorySeries = [series('memory', 'area', (point) => point.memoryBytes)];
  const memoryLimits = [...limitLine(memory), ...pendingLine(ownPath('memory'))];
  const memoryTop = highest(memorySeries[0]!.values);

  const tasks = knownLimit(use, 'pids');
  const taskSeries = [series('tasks', 'step', (point) => point.tasks)];
  const taskLimits = [...limitLine(tasks), ...pendingLine(ownPath('pids'))];

  const ioSeries = [
    series('read', 'bars', (point) => point.readRate),
    series('written', 'bars', (point) => point.writeRate, { tone: 'quiet', down: true }),
  ];
  const netSeries = [
    series('received', 'bars', (point) => point.receiveRate),
    series('sent', 'bars', (point) => point.sendRate, { tone: 'quiet', down: true }),
  ];
  const rateUnit = (of: readonly ChartSeries[]): number => unitFor(highest(...of.map(({ values }) => values)) / 2);
  const total = use.io.reading.ok ? use.io.reading.value : null;
  const traffic = use.network.reading.ok ? use.network.reading.value : null;

  const card = (title: string, of: Counted<unknown>, more: Omit<Card, 'title' | 'file' | 'path' | 'failure' | 'summary'>): Card => // prettier-ignore
    ({ title, file: of.file, path: of.path, failure: failureOf(of), summary: inWords(title, more.series, more.words, more.limits), ...more }); // prettier-ignore

  return [
    card('CPU', use.cpu, {
      ...base,
      figure: last?.cpuPercent == null ? '' : percent(last.cpuPercent),
      beside: `of one CPU, ${cpu === null ? withoutLimit(use, 'cpu') : `limit ${Number((cpu.value * 100).toFixed(1))} %`}`,
      note: share > 0 ? `throttled ${Math.round(share * 100)} %` : counters?.throttled ? `${counters.throttled} periods throttled so far` : '', // prettier-ignore
      warn: share > 0,
      series: cpuSeries,
      limits: cpuLimits,
      strip: counters?.periods == null || cpu === null ? null : { label: 'of its periods throttled', values: points.map(({ throttledShare }) => throttledShare) }, // prettier-ignore
      words: percent,
      tick: plain,
      least: 10,
    }),
    card('Memory', use.memory, {
      ...base,
      figure: last?.memoryBytes == null ? '' : bytesInWords(last.memoryBytes),
      beside: memory === null ? withoutLimit(use, 'memory') : `of ${bytesInWords(memory.value)}`,
      note: [
        events?.limitHits == null ? null : counted(events.limitHits, 'limit hit'),
        events?.oomKills == null ? null : counted(events.oomKills, 'OOM kill'),
      ].filter((words) => words !== null).join(', '), // prettier-ignore
      warn: (events?.oomKills ?? 0) > 0,
      series: memorySeries,
      limits: memoryLimits,
      words: bytesInWords,
      tick: plain,
      unit: unitFor(memoryTop),
    }),
    card('Tasks', use.tasks, {
      ...base,
      figure: last?.tasks == null ? '' : String(last.tasks),
      beside: tasks === null ? withoutLimit(use, 'pids') : `of ${tasks.value}`,
      note: 'processes and threads',
      series: taskSeries,
      limits: taskLimits,
      words: (value) => counted(value, 'task'),
      tick: plain,
      whole: true,
      least: 2,
    }),
    card('I/O', use.io, {
      ...base,
      figure: last?.readRate == null ? '' : perSecond(last.readRate),
      beside: last?.writeRate == null ? '' : `read, ${perSecond(last.writeRate)} written`,
      note: ioLimitWords(use),
      detail: [
        last === null ? '' : requestsInWords(last),
        total === null ? '' : `${bytesInWords(total.readBytes)} read and ${bytesInWords(total.writtenBytes)} written so far`,
      ].filter((words) => words !== '').join('; '), // prettier-ignore
      series: ioSeries,
      limits: ioLimitLines(use),
      words: perSecond,
      tick: plain,
      unit: rateUnit(ioSeries),
      least: 1024,
    }),
    card('Network', use.network, {
      ...base,
      figure: last?.receiveRate == null ? '' : perSecond(last.receiveRate),
      beside: last?.sendRate == null ? '' : `received, ${perSecond(last.sendRate)} sent`,
      note: sharing !== '' ? sharing : traffic === null ? '' : traffic.interfaces.length === 0 ? 'no interface but lo' : visible(traffic.interfaces.slice(0, 3).join(', ')), // prettier-ignore
      series: netSeries,
      limits: [],
      words: perSecond,
      tick: plain,
      unit: rateUnit(netSeries),
      least: 1024,
    }),
  ];
};
