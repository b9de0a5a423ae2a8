/** The processes of a container as its engine lists them: for one whose processes are not on this machine. */
export interface ContainerTop {
  /** As the engine's ps calls them: `PID`, `CMD`. Hostile text, as all of it. */
  readonly titles: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** How many there are; more than `rows` holds if they were cut at {@link TOP_AT_MOST}. */
  readonly total: number;
}

export const TOP_AT_MOST = 2000;
