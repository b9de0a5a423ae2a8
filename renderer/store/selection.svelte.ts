/**
 * The one selection, the same everywhere, and the view that is open; with back and forward. It is kept for this tab, so
 * that a reload comes back to the same place.
 */
import { here, pushed, replaced, stepped, type Place, type Trail } from './history.ts';
import { sameSubject, type Subject } from './subject.ts';

export const VIEWS = [
  'processes',
  'namespaces',
  'containers',
  'cgroups',
  'compare',
  'unshare',
  'run',
  'proc',
  'changes',
] as const;
export type View = (typeof VIEWS)[number];
export type Params = Readonly<Record<string, string>>;

const KEY = 'porthole-place';
const START: Place = { view: 'processes', params: {}, subject: null };

const kept = (): Place => {
  try {
    const place = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Place | null;
    return place !== null && (VIEWS as readonly string[]).includes(place.view) ? place : START;
  } catch {
    return START;
  }
};

export class Selection {
  #trail = $state.raw<Trail>({ places: [kept()], at: 0 });
  /** What the inspector holds on to while the selection goes on; `null` when not pinned. */
  pinned = $state.raw<Subject | null>(null);

  readonly #place = $derived(here(this.#trail));
  readonly view = $derived(this.#place.view as View);
  /** What the view was opened with: `{ a, b }` of Compare, for instance. */
  readonly params = $derived<Params>(this.#place.params);
  readonly current = $derived<Subject | null>(this.#place.subject);
  /** What the inspector shows. */
  readonly inspected = $derived(this.pinned ?? this.current);
  readonly canGoBack = $derived(this.#trail.at > 0);
  readonly canGoForward = $derived(this.#trail.at < this.#trail.places.length - 1);

  /** Selects in the view that is open. `step: false` while moving by keyboard, so that Back does not walk every row. */
  select(subject: Subject | null, { step = true }: { step?: boolean } = {}): void {
    if (sameSubject(this.current, subject)) return;
    const place = { ...this.#place, subject };
    // The first selection of a view is no step away from having none.
    this.#keep(step && this.current !== null ? pushed(this.#trail, place) : replaced(this.#trail, place));
  }

  isSelected(subject: Subject): boolean {
    return sameSubject(this.current, subject);
  }

  /** Opens a view. Without `subject` the selection stays. */
  go(view: View, params: Params = {}, subject: Subject | null = this.current): void {
    const place: Place = { view, params, subject };
    if (JSON.stringify(place) === JSON.stringify(this.#place)) return;
    this.#keep(pushed(this.#trail, place));
  }

  /** The open view's own parameters change; no step. */
  setParams(params: Params): void {
    this.#keep(replaced(this.#trail, { ...this.#place, params }));
  }

  back(): void {
    this.#keep(stepped(this.#trail, -1));
  }

  forward(): void {
    this.#keep(stepped(this.#trail, 1));
  }

  togglePin(): void {
    this.pinned = this.pinned === null ? this.current : null;
  }

  #keep(trail: Trail): void {
    this.#trail = trail;
    sessionStorage.setItem(KEY, JSON.stringify(here(trail)));
  }
}

export const selection = new Selection();
