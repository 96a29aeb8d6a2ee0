/**
 * Histories of locks: what they are made of, how they are recorded, judged, written and read.
 */

export { type CheckHistoryOptions, checkHistory } from './check-history.ts';
export { HistoryError } from './history-error.ts';
export { type JepsenModel, toJepsen } from './jepsen.ts';
export type { HistoryModel, HistoryModelName } from './lock-rules.ts';
export { formatHistory, parseHistory } from './ndjson.ts';
export type { HistoryAct, HistoryName, HistoryOperation, HistoryResult } from './operation.ts';
export { toPorcupine } from './porcupine.ts';
export { type RecordPeerOptions, recordPeer } from './record-peer.ts';
export {
  type HistoryAsk,
  type HistoryCall,
  HistoryRecorder,
  type HistoryRecorderOptions,
} from './recorder.ts';
export type {
  HistoryHolder,
  HistoryIllegal,
  HistoryOk,
  HistoryUnknown,
  HistoryVerdict,
} from './verdict.ts';
