import { type MeasuredProcess, measured, printedUntil, startScript } from '../process.ts'

/** A floor that answers HTTP, in a process of its own as the product is. */
export interface Floor extends MeasuredProcess {
  url: string
  /** As the product's, so that the same requests go to both; the floor does not look at the credential. */
  endpoint: string
  credential: { key: string; secret: string }
}

export type FloorName = 'express-parse' | 'express-bytes' | 'express-page' | 'express-static'

export async function startFloor(name: FloorName, ...args: string[]): Promise<Floor> {
  const child = startScript([`bench/floors/${name}.ts`, ...args], { NODE_ENV: 'production' })
  const printed = await printedUntil(child, /listening on \d+\n/)
  const url = `http://127.0.0.1:${/listening on (\d+)/.exec(printed)![1]}`
  return {
    ...measured(child),
    url,
    endpoint: `${url}/xapi`,
    credential: { key: 'bench-key', secret: 'bench-secret-0123456789abcdef' },
  }
}
