/**
 * The pure protocol core: locks by two-phase commit with conditional votes.
 *
 * @module
 */

export { InvariantError } from './assert.ts';
export { isName, nameBytesMax, namesMax } from './claim.ts';
export type { ClaimView, CoordinatorSnapshot } from './coordinator.ts';
export type { DurableMarkSnapshot } from './durable-mark.ts';
export type { EndedBucket } from './ended-floors.ts';
export type { EntrySnapshot, Said } from './entry.ts';
export type { FieldSink } from './field-sink.ts';
export type { FieldSource } from './fields.ts';
export type { Electorate, Group } from './groups.ts';
export * from './ids.ts';
export * from './input.ts';
export type { LeadersSnapshot, LeaderWord, ObservedElection } from './leaders.ts';
export * from './leading.ts';
export type { LedgerSnapshot } from './ledger.ts';
export type { LinkSnapshot } from './link.ts';
export type { LookSnapshot } from './looks.ts';
export * from './message.ts';
export { Node, type NodeSizes, type NodeSnapshot } from './node.ts';
export type { LeadingEntry, ObserversSnapshot } from './observers.ts';
export * from './options.ts';
export * from './output.ts';
export * from './pursuit.ts';
export type { QueueTableSnapshot } from './queue-table.ts';
export type { RecoverySnapshot } from './recovery.ts';
export type { Ballot, CastVote, Phase, Round } from './round.ts';
export type { RoundTableSnapshot } from './round-table.ts';
export type { Sender, SessionsSnapshot } from './sessions.ts';
export { protocolVersions, type VersionRange } from './version.ts';
export type { VoterSnapshot } from './voter.ts';
export { type ParseResult, readFrame, writeFrame } from './wire.ts';
