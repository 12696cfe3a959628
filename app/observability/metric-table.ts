/** Upper bounds of the histograms. */
const REQUEST_SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30]
const COMMIT_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5]
const CALLS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]

/**
 * Every metric of the product: its name, what it says, and what it is told apart by. docs/metrics.md tells what an alarm
 * on it means. Times are seconds and sizes bytes, as Prometheus has it.
 */
export const METRICS = {
  requestDuration: {
    name: 'suotdoi_http_request_duration_seconds',
    help: 'Requests by method, route pattern and class of status, from the first byte to the end of the answer',
    labelNames: ['method', 'route', 'status'],
    buckets: REQUEST_SECONDS,
  },
  requestsInFlight: { name: 'suotdoi_http_requests_in_flight', help: 'Requests that are not answered yet' },
  refusals: {
    name: 'suotdoi_refusals_total',
    help: 'Refused xAPI requests by the first word of the problem’s id',
    labelNames: ['problem'],
  },
  lessonRefusals: {
    name: 'suotdoi_lesson_refusals_total',
    help: 'What pages of lessons sent and the server refused, by the problem’s id',
    labelNames: ['problem'],
  },
  statementsStored: {
    name: 'suotdoi_statements_stored_total',
    help: 'Statements stored that were not there before',
  },
  statements: {
    name: 'suotdoi_statements',
    help: 'Statements that the database holds',
    labelNames: ['database'],
  },
  groupCalls: {
    name: 'suotdoi_commit_calls',
    help: 'Writing calls that shared one commit',
    buckets: CALLS,
  },
  commitDuration: {
    name: 'suotdoi_commit_duration_seconds',
    help: 'One commit, from its begin until it was durable',
    buckets: COMMIT_SECONDS,
  },
  syncDuration: {
    name: 'suotdoi_commit_sync_seconds',
    help: 'The part of a commit that waits for the disk; a checkpoint of the log, when one falls into it, included',
    buckets: COMMIT_SECONDS,
  },
  commitWait: {
    name: 'suotdoi_commit_wait_seconds',
    help: 'What the oldest call of a commit waited, beside the commit’s own time',
    buckets: COMMIT_SECONDS,
  },
  writerQueue: {
    name: 'suotdoi_writer_queue',
    help: 'Writing calls that are not answered yet',
    labelNames: ['database'],
  },
  readerQueue: {
    name: 'suotdoi_reader_queue',
    help: 'Reading calls that are not answered yet',
    labelNames: ['database'],
  },
  databaseBytes: {
    name: 'suotdoi_database_bytes',
    help: 'Size of the database file',
    labelNames: ['database'],
  },
  logBytes: {
    name: 'suotdoi_wal_bytes',
    help: 'Size of the write-ahead log beside the database file',
    labelNames: ['database'],
  },
  diskFree: {
    name: 'suotdoi_disk_free_bytes',
    help: 'Free for this account on the disk of the folder: data (databases, uploads) or blobs (attachments, lessons)',
    labelNames: ['folder'],
  },
  diskSize: { name: 'suotdoi_disk_size_bytes', help: 'Size of that disk', labelNames: ['folder'] },
  consumerLagPositions: {
    name: 'suotdoi_consumer_lag_positions',
    help: 'Entries of the feed that the consumer has still to take',
    labelNames: ['consumer'],
  },
  consumerLagSeconds: {
    name: 'suotdoi_consumer_lag_seconds',
    help: 'Age of the oldest entry that the consumer has still to take; 0 at the end',
    labelNames: ['consumer'],
  },
  consumerErrors: {
    name: 'suotdoi_consumer_errors_total',
    help: 'Failed tries of the consumer since the start; it goes on trying',
    labelNames: ['consumer'],
  },
  secretChecks: {
    name: 'suotdoi_argon2_runs_total',
    help: 'Secrets of credentials that were verified with argon2 because they were not known yet',
  },
  lostLogLines: {
    name: 'suotdoi_log_lines_lost_total',
    help: 'Lines of the log that were dropped because nobody took them from standard error',
  },
  ready: { name: 'suotdoi_ready', help: '1 when /health/ready answers 200, else 0' },
  loopDelayP50: {
    name: 'suotdoi_event_loop_delay_p50_seconds',
    help: 'Median of how late the event loop came to a timer, since the last scrape',
  },
  loopDelayP99: {
    name: 'suotdoi_event_loop_delay_p99_seconds',
    help: '99th percentile of the same, since the last scrape',
  },
  loopDelayMax: {
    name: 'suotdoi_event_loop_delay_max_seconds',
    help: 'Longest of the same, since the last scrape',
  },
} as const

/** What is kept of prom-client's own metrics of the process, in its own words. */
export const PROCESS_METRICS = [
  'process_cpu_user_seconds_total',
  'process_cpu_system_seconds_total',
  'process_resident_memory_bytes',
  'process_start_time_seconds',
  'process_open_fds',
  'process_max_fds',
  'nodejs_heap_size_used_bytes',
  'nodejs_heap_size_total_bytes',
  'nodejs_external_memory_bytes',
  'nodejs_gc_duration_seconds',
  'nodejs_version_info',
].map((name) => `suotdoi_${name}`)
