interface AudienceOptions {
  readonly arrived: () => void;
  readonly left: () => void;
  readonly lingerMillis: number;
}

/** Who is looking. What costs something runs from the first viewer's arrival until a while after the last one left. */
export class Audience {
  readonly #options: AudienceOptions;
  readonly #viewers = new Set<string>();
  #leaving: ReturnType<typeof setTimeout> | null = null;
  #present = false;

  constructor(options: AudienceOptions) {
    this.#options = options;
  }

  arrive(viewer: string): void {
    this.#viewers.add(viewer);
    this.#stay();
    if (this.#present) return;
    this.#present = true;
    this.#options.arrived();
  }

  leave(viewer: string): void {
    if (!this.#viewers.delete(viewer) || this.#viewers.size > 0) return;
    this.#leaving = setTimeout(() => {
      this.#present = false;
      this.#options.left();
    }, this.#options.lingerMillis);
    this.#leaving.unref();
  }

  close(): void {
    this.#viewers.clear();
    this.#stay();
  }

  #stay(): void {
    if (this.#leaving !== null) clearTimeout(this.#leaving);
    this.#leaving = null;
  }
}
