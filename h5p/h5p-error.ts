import { createRequire } from 'node:module'

/**
 * The error by which parts of the H5P server tell each other what is wrong. Taken from its own file, because its public
 * face loads the whole server, which a start must not wait for.
 */
const require = createRequire(import.meta.url)

type Source = typeof import('@lumieducation/h5p-server/build/src/helpers/H5pError.js')

export const H5pError = (require('@lumieducation/h5p-server/build/src/helpers/H5pError.js') as Source).default
export type H5pError = InstanceType<typeof H5pError>
