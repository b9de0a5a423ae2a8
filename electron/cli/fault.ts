/** Wrong usage: exit 2. The message says what to do, in one line. */
export class UsageFault extends Error {}

/** It could not be done, or is not there: exit 1. The message says what to do, in one line. */
export class Failure extends Error {}
