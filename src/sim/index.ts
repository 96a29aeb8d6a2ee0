/**
 * The simulator: real peers on simulated clocks, disks and connections, the same for the same seed.
 * For tests of whatever is built on locks.
 *
 * @module
 */

export type { NodeSizes } from '../protocol/node.ts';
export { Violation } from './checker.ts';
export * from './history/index.ts';
export type { Kill } from './host.ts';
export type { Latency } from './latency.ts';
export type { Mishap } from './link.ts';
export type { ClockSetting } from './machine-clock.ts';
export type { Death } from './network.ts';
export { parsePlan } from './parse-plan.ts';
export type * from './plan.ts';
export type { Point } from './point.ts';
export { RealWorldError } from './real-world-error.ts';
export type { Scenario } from './run-once.ts';
export { runSim, type SimReport } from './run-sim.ts';
export type { Sim, SimAtOptions, SimMesh } from './sim.ts';
export type { SimChannel } from './sim-channel.ts';
export type { SimClock } from './sim-clock.ts';
export * from './sim-errors.ts';
export type { SimDrop, SimLink, SimMessageType } from './sim-link.ts';
export { type SimMatchers, type SimVerdict, simMatchers } from './sim-matchers.ts';
export type { SimCrashOptions, SimNode, SimNodeName, SimStopOptions } from './sim-node.ts';
export type * from './sim-options.ts';
export type { SimPartition, SimPartitionOptions } from './sim-partition.ts';
export type { SimProcess, SimService, SimSleepOptions } from './sim-process.ts';
export type { SimRandom } from './sim-random.ts';
export type { SimSteps } from './sim-steps.ts';
export { type SimFaultKind, type Swarm, type SwarmOptions, swarm } from './sim-swarm.ts';
export type { SimPassing, SimUntilOptions } from './sim-waiting.ts';
export { type CheckTraceOptions, checkTrace } from './trace/check-trace.ts';
export { formatTrace } from './trace/format-trace.ts';
export { readTrace, TraceSyntaxError } from './trace/read-trace.ts';
export { type HtmlOptions, traceToHtml } from './trace/to-html.ts';
export { type MermaidOptions, traceToMermaid } from './trace/to-mermaid.ts';
export { traceToShiviz } from './trace/to-shiviz.ts';
export type {
  FromSimulator,
  PeerEvent,
  PeerPlace,
  Trace,
  TraceEvent,
  TraceFault,
  TracePlace,
  TraceViolation,
  WorldEvent,
} from './trace/trace-event.ts';
export type { TraceFinding, TraceReport } from './trace/trace-report.ts';
