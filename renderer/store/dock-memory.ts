import { MOST_IN_SIGHT } from './sight.ts';

/** How the dock was left, so that a reload finds it again. A convenience: a missing or strange memory is simply not used. */
export interface DockMemory {
  readonly open: boolean;
  readonly active: string | null;
  /** The terminals in sight, each once, the active one among them. */
  readonly sight: readonly string[];
  /** Of those in sight, by place: parts of the whole. */
  readonly shares: readonly number[];
  /** Whether they stand one above the other. */
  readonly stacked: boolean;
  readonly height: number;
  readonly fontSize: number;
  /** Whether terminals are told to a screen reader line by line. */
  readonly readAloud: boolean;
}

/** Heights of the open dock, px: less shows no line of a terminal. */
export const DOCK_HEIGHT = { least: 120, usual: 224 } as const;
/** Font sizes of a terminal, px. */
export const FONT_SIZE = { least: 8, usual: 12, most: 28 } as const;

const KEY = 'porthole.dock';

const between = (value: unknown, least: number, most: number, usual: number): number =>
  typeof value === 'number' && Number.isFinite(value) ? Math.round(Math.min(Math.max(value, least), most)) : usual;

/** A font size that {@link FONT_SIZE} allows. */
export const fontSizeWithin = (px: number): number => between(px, FONT_SIZE.least, FONT_SIZE.most, FONT_SIZE.usual);

/** A height that leaves the panel above at least as much as the dock needs itself. `room`: the height both share. */
export const dockHeightWithin = (px: number, room: number): number =>
  between(px, DOCK_HEIGHT.least, Math.max(DOCK_HEIGHT.least, room - DOCK_HEIGHT.least), DOCK_HEIGHT.usual);

/** None if one of them is not what it should be. */
const listOf = <T>(kept: unknown, isOne: (each: unknown) => each is T): readonly T[] =>
  Array.isArray(kept) && kept.length <= MOST_IN_SIGHT && kept.every(isOne) ? kept : [];

/** What was remembered, or the usual. Storage may be forbidden, and its text may be anything. */
export const recallDock = (storage: Pick<Storage, 'getItem'> | null): DockMemory => {
  let kept: Partial<Record<keyof DockMemory, unknown>> = {};
  try {
    kept = (JSON.parse(storage?.getItem(KEY) ?? 'null') ?? {}) as typeof kept;
  } catch {
    // Not our JSON, or no storage: as if nothing was kept.
  }
  const active = typeof kept.active === 'string' ? kept.active : null;
  const sight = [...new Set(listOf(kept.sight, (id) => typeof id === 'string'))];
  return {
    open: kept.open === true,
    active,
    sight: active === null || sight.includes(active) ? sight : [active],
    shares: listOf(kept.shares, (share): share is number => typeof share === 'number' && share > 0 && share < 1),
    stacked: kept.stacked === true,
    height: between(kept.height, DOCK_HEIGHT.least, 4000, DOCK_HEIGHT.usual),
    fontSize: between(kept.fontSize, FONT_SIZE.least, FONT_SIZE.most, FONT_SIZE.usual),
    readAloud: kept.readAloud === true,
  };
};

export const rememberDock = (storage: Pick<Storage, 'setItem'> | null, memory: DockMemory): void => {
  try {
    storage?.setItem(KEY, JSON.stringify(memory));
  } catch {
    // Forbidden or full: the next load starts with the usual.
  }
};

/** The page's lasting storage; `null` where the browser forbids it, which it tells by throwing at the name. */
export const lastingStorage = (): Storage | null => {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
};
