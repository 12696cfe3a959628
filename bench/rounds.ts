import { median } from './bench.ts'
import type { Measured } from './load/work.ts'
import type { MeasuredProcess } from './process.ts'

/** Measures the product and its floor in turn, round by round, so that what else happens on the machine meets both. */
export async function interleave<A, B>(
  rounds: number,
  product: () => Promise<A>,
  floor: () => Promise<B>,
): Promise<{ product: A[]; floor: B[] }> {
  const told = { product: [] as A[], floor: [] as B[] }
  for (let round = 0; round < rounds; round++) {
    told.product.push(await product())
    told.floor.push(await floor())
  }
  return told
}

export const medianOf = <T>(all: readonly T[], value: (one: T) => number): number => median(all.map(value))

/** Throws when something was refused or lost: a rate of refusals is no rate. */
export function mustBe(status: number, measured: Measured): Measured {
  const { answers, statuses, lost } = measured
  if (lost > 0 || statuses[status] !== answers || answers === 0)
    throw new Error(`Not all answers were ${status}: ${JSON.stringify(statuses)}, ${lost} lost`)
  return measured
}

/** What the process that answered took of the CPU for each answer, µs, with what was measured. */
export async function withCpu(
  of: Pick<MeasuredProcess, 'cpuMs'>,
  run: () => Promise<Measured>,
): Promise<Measured & { cpuOfServer: number }> {
  const before = of.cpuMs()
  const measured = await run()
  return { ...measured, cpuOfServer: ((of.cpuMs() - before) * 1000) / measured.answers }
}
