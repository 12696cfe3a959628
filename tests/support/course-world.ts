import type { TenantStorage } from '../../lrs/storage/port.ts'
import type { Place } from './expected-records.ts'
import { openWorlds, PAPER } from './profiles-world.ts'
import type { Told } from './told.ts'

export const CMI5 = 'https://w3id.org/xapi/cmi5/'
export const HOW = { how: 'operator', proof: PAPER, by: 'op', reason: 'test' } as const
export const REGISTRATION = '0b7d3f2e-5d0e-4a43-9d0c-1f6a4f6f1a11'
const COURSE = 'http://adlnet.gov/expapi/activities/course'

export interface CourseWorld extends Place {
  /** Whose account `lan` is linked. */
  lan: string
}

/** Worlds of one store, each with somebody who has a course. */
export async function openCourseWorlds() {
  const worlds = await openWorlds()
  return {
    close: worlds.close,
    async next(view?: (store: TenantStorage) => TenantStorage): Promise<CourseWorld> {
      const world = await worlds.next(view)
      const lan = await world.person('lan@example.org')
      await world.link('lan', lan)
      return { ...world, lan }
    },
  }
}

export const course = (day: number, more: Told = {}): Told => ({
  activity: 'course',
  type: COURSE,
  verb: 'completed',
  result: { duration: 'PT2H' },
  at: `2026-10-${day}T03:00:00Z`,
  ...more,
})
export const part = (day: number, more: Told = {}): Told => ({
  activity: `part-${day}`,
  courses: ['course'],
  result: { duration: 'PT30M' },
  at: `2026-10-${day}T03:00:00Z`,
  ...more,
})
