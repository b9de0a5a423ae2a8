/** Between the host and the short-lived child that traces. */

/** One line of JSON on the child's stdout. */
export type Told =
  | {
      readonly ok: true;
      /** In the kernel's order for this call: the oldest first. struct sock_filter after struct sock_filter, base64. */
      readonly filters: readonly { readonly program: string; readonly log: boolean | null }[];
      readonly stoppedMillis: number;
    }
  /** `call` as strace would name it; `errno` null if it did not fail but did not come to its end either. */
  | {
      readonly ok: false;
      readonly why: 'ended' | 'refused' | 'late';
      readonly call: string;
      readonly errno: string | null;
    };
