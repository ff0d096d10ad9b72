/**
 * The objects of the API that the page reads: `crates/server/src/api/` defines them.
 *
 * Times are nanoseconds. Those since 1970 are above 2^53 and lose some hundred of them here: enough to show.
 */

export type InputKind = "image" | "text" | "json" | "csv" | "bytes";

export interface TaskInput {
  name: string;
  kind: InputKind;
  blob: string;
}

export interface Problem {
  status: number;
  title: string;
  detail: string;
  hint?: string;
}

export interface Diagnostic {
  severity: string;
  code: string;
  line: number;
  column: number;
  message: string;
  hint?: string;
}

export interface Generated {
  program: string;
  origin: string;
  author: string;
  rounds: number;
  prompt_tokens: number;
  answer_tokens: number;
  micro_usd: number | null;
  diagnostics: Diagnostic[];
}

export interface Decision {
  line: number;
  what: string;
  rule?: string;
  message: string;
  help?: string;
}

export interface Distributed {
  program: string;
  changed: boolean;
  decisions: Decision[];
}

export type Outcome = "ok" | "failed" | "withdrawn" | "uncertain" | "shared" | "reused" | "open";

export interface CallSpan {
  call: number;
  function: string;
  issued_offset_ns: number;
  granted_offset_ns?: number;
  ended_offset_ns?: number;
  device?: string;
  attempt: number;
  outcome: Outcome;
  wasted: boolean;
}

export type TaskState = "accepted" | "running" | "done" | "failed" | "cancelled" | "uncertain";

export interface TaskEnd {
  end: string;
  code?: number;
  type?: string;
  message?: string;
  traceback?: string;
  detail?: string;
  call?: number;
  function?: string;
}

export interface Task {
  id: number;
  state: TaskState;
  filename: string;
  batch?: number;
  program?: string;
  form?: "serial" | "distributed";
  inputs?: TaskInput[];
  end?: TaskEnd;
  accepted_at: number;
  started_at?: number;
  ended_at?: number;
  stdout: string;
  stderr: string;
  answer?: unknown;
  call_count: number;
  calls: CallSpan[];
  bill?: Bill;
  labels: string[];
}

export interface TaskList {
  tasks: Task[];
  next?: number;
}

export type TaskEvent =
  | { event: "output"; stream: "stdout" | "stderr"; text: string }
  | ({ event: "ended" } & Task)
  | ({ event: "failed" } & Problem);

export interface CallResult {
  call: number;
  function: string;
  lease?: number;
  execute_ns?: number;
  result?: unknown;
  problem?: string;
}

export interface TaskResults {
  task: number;
  results: CallResult[];
  next?: number;
}

export interface BillLine {
  name: string;
  micro_usd: number;
  device_ns: number;
}

export interface PriceBookName {
  name: string;
  date: string;
  source: string;
}

export interface Range {
  low: number;
  likely: number;
  high: number;
}

export interface Quoted {
  at: number;
  micro_usd: Range;
  ns: Range;
}

export interface Floors {
  rented_micro_usd: number;
  fleet_micro_usd: number;
  fleet_ns: number;
  market_micro_usd: number;
  market_nodes: string[];
  gap_percent: number;
  error_percent: number;
}

export interface Bill {
  total_micro_usd: number;
  lines: BillLine[];
  price_book: PriceBookName;
  floors?: Floors;
  quoted?: Quoted;
}

export interface Split {
  simulated: boolean;
  baseline_micro_usd: number;
  causes: { cause: string; saved_micro_usd: number }[];
  actual_micro_usd: number;
  best_monolith?: { node: string; concurrency: number; micro_usd: number; ns: number };
}

export interface CostReport {
  task?: number;
  running: boolean;
  from: number;
  to: number;
  total_micro_usd: number;
  own_micro_usd: number;
  direct: BillLine[];
  nodes: {
    node: string;
    type: string;
    micro_usd_per_hour: number;
    held_ns: number;
    billed_ns: number;
    micro_usd: number;
  }[];
  tasks: {
    task: number;
    overlap: number;
    mean_batch_size: number;
    reused: number;
    retries: number;
    calls: number;
    device_ns: number;
  }[];
  entries: {
    node: string;
    use: string;
    function?: string;
    task?: number;
    device_ns: number;
    micro_usd: number;
  }[];
  price_book: PriceBookName;
  floors?: Floors;
  quoted?: Quoted;
  split?: Split;
  split_missing?: string;
  labels: string[];
}

export interface Side {
  task: Task;
  hardware: string;
  elapsed_ns: number;
  device_ns: number;
  utilisation: number;
}

export interface ComparisonReport {
  baseline: Side;
  distributed: Side;
  equal: boolean;
  difference?: string;
  saving?: number;
  speedup: number;
  split?: Split;
  split_missing?: string;
  labels: string[];
}

export type ComparisonEvent =
  | { event: "running"; stage: string; task?: number }
  | { event: "output"; stage: string; stream: "stdout" | "stderr"; text: string }
  | ({ event: "compared" } & ComparisonReport)
  | ({ event: "failed" } & Problem);

export interface Quote {
  tasks: number;
  micro_usd: Range;
  ns: Range;
  learnt_from: number;
  hardware: string;
  price_book: PriceBookName;
  labels: string[];
}

export type QuoteAnswer =
  | ({ answer: "quote" } & Quote)
  | {
      answer: "needs_sample";
      tasks: number;
      calls: { function: string; places: number; micro_usd_a_call?: number }[];
      at_least_micro_usd?: number;
    };

export interface FunctionResource {
  metadata: { name: string };
  spec?: {
    effect?: string;
    state?: string;
    origin?: string;
    resources?: { gpuMemory?: string };
    batching?: { maxBatchSize?: number };
  };
  status: {
    documentation: string;
    parametersSchema: string;
    resultSchema: string;
    version?: string;
  };
}

export interface NowFunction {
  name: string;
  queued: number;
  held: number;
  granted: number;
  ready: number;
  loading: number;
  failures: number;
  error: string | null;
}

export interface NowDevice {
  name: string;
  memory_bytes: number;
  used_bytes: number;
  lease: number | null;
  models: { function: string; state: string }[];
}

export interface Pool {
  name: string;
  nodes: { type: string; count: number; micro_usd_per_hour: number | null }[];
  tasks_waiting: number;
  tasks_running: number;
  functions: NowFunction[];
  devices: NowDevice[];
}

export interface Now {
  at: number;
  pools: Pool[];
}
