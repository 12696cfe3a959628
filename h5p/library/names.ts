/** A library under one major and minor version. `H5P.TrueFalse-1.8` as key and folder, `H5P.TrueFalse 1.8` in content. */
export interface LibraryVersion {
  machineName: string
  majorVersion: number
  minorVersion: number
}

type Loose = { machineName: string; majorVersion: number | string; minorVersion: number | string }

export function libraryKey(library: Loose): string {
  return `${library.machineName}-${Number(library.majorVersion)}.${Number(library.minorVersion)}`
}

export function libraryLabel(library: Loose): string {
  return `${library.machineName} ${Number(library.majorVersion)}.${Number(library.minorVersion)}`
}

/** From either spelling; null when it is neither. */
export function parseLibrary(name: string): LibraryVersion | null {
  const parts = /^([\w.-]{1,255})[ -](\d{1,5})\.(\d{1,5})$/.exec(name)
  if (!parts) return null
  return { machineName: parts[1]!, majorVersion: Number(parts[2]), minorVersion: Number(parts[3]) }
}

const BUILD = /^([\w.-]{1,255}-\d{1,5}\.\d{1,5})\.(\d{1,9})-[\da-f]{16}$/

/** The library of which this is the key of a build, `H5P.TrueFalse-1.8`; null when it is no such key. */
export function libraryOfBuild(build: string): string | null {
  return BUILD.exec(build)?.[1] ?? null
}

/** The patch version of a build, by its key. */
export function patchOfBuild(build: string): number {
  return Number(BUILD.exec(build)?.[2])
}
