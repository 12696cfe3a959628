import { createRequire } from 'node:module'

/**
 * Two parts of the H5P server that its public face keeps inside an upload which would also install libraries: the
 * validator of unpacked packages, and what moves a package's content into storage. The version is pinned exactly.
 */
const require = createRequire(import.meta.url)
const SOURCE = '@lumieducation/h5p-server/build/src'

type Validator = typeof import('@lumieducation/h5p-server/build/src/PackageValidator.js')
type Storer = typeof import('@lumieducation/h5p-server/build/src/ContentStorer.js')

export const PackageValidator = (require(`${SOURCE}/PackageValidator.js`) as Validator).default
export const ContentStorer = (require(`${SOURCE}/ContentStorer.js`) as Storer).default
