import type { Benchmark } from '../bench.ts'
import { bridge } from './bridge.ts'
import { burst } from './burst.ts'
import { firstQuestion } from './first-question.ts'
import { getById } from './get-by-id.ts'
import { growth, growth10m } from './growth.ts'
import { large } from './large.ts'
import { libraryFile } from './library-file.ts'
import { memory } from './memory.ts'
import { mixed } from './mixed.ts'
import { mongoConflicts } from './mongo-conflicts.ts'
import { mongoGetById, mongoPages } from './mongo-reads.ts'
import { mongoTwoProcesses } from './mongo-two-processes.ts'
import { mongoPostBatch, mongoPostOne } from './mongo-writes.ts'
import { onMongo } from './on-mongo.ts'
import { packageInstall } from './package-install.ts'
import { pages } from './pages.ts'
import { player } from './player.ts'
import { postBatchBenchmark } from './post-batch.ts'
import { postOneBenchmark } from './post-one.ts'
import { projection } from './projection.ts'
import { report } from './report.ts'
import { transcript } from './transcript.ts'
import { transcriptPage } from './transcript-page.ts'

/** All benchmarks, in the order in which they run. */
export const benchmarks: readonly Benchmark[] = [
  postOneBenchmark,
  postBatchBenchmark,
  getById,
  pages,
  mixed,
  burst,
  memory,
  large,
  transcript,
  transcriptPage,
  firstQuestion,
  projection,
  player,
  libraryFile,
  bridge,
  packageInstall,
  report,
  growth,
  growth10m,
  mongoPostOne,
  mongoPostBatch,
  mongoGetById,
  mongoPages,
  onMongo(mixed),
  onMongo(burst),
  onMongo(large),
  onMongo(transcript),
  onMongo(transcriptPage),
  onMongo(projection),
  onMongo(player),
  onMongo(libraryFile),
  onMongo(bridge),
  onMongo(packageInstall),
  onMongo(report),
  mongoConflicts,
  mongoTwoProcesses,
  onMongo(growth),
]
