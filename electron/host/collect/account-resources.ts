/** How one process runs: scheduling, what it has read and written, who it counts as, what it may take. */
import type { ProcessResources } from '../../../shared/process-account.ts';
import { parsed } from '../parse/format-error.ts';
import { parseProcIo } from '../parse/proc-io.ts';
import { parseProcLimits } from '../parse/proc-limits.ts';
import { parseAuditId, parseProcessNumber, parseWchan } from '../parse/process-number.ts';
import { parseRunPlaces, parseRunTimes, parseScheduling } from '../parse/schedule.ts';
import type { Directory } from '../read/kernel.ts';

export const readResources = (
  directory: Directory,
): Omit<ProcessResources, 'key' | 'takenAt' | 'clock' | 'millis'> => ({
  io: parsed(directory.text('io'), parseProcIo),
  scheduling: parsed(directory.text('stat'), parseScheduling),
  times: parsed(directory.text('schedstat'), parseRunTimes),
  places: parsed(directory.text('status'), parseRunPlaces),
  waitsIn: parsed(directory.text('wchan'), parseWchan),
  oomScore: parsed(directory.text('oom_score'), parseProcessNumber),
  oomScoreAdj: parsed(directory.text('oom_score_adj'), parseProcessNumber),
  loginUid: parsed(directory.text('loginuid'), parseAuditId),
  auditSession: parsed(directory.text('sessionid'), parseAuditId),
  limits: parsed(directory.text('limits'), parseProcLimits),
});
