import type { Source } from './source.ts'

/** How many places of a file are tried, and how many bytes at each. */
const PROBES = 16
const PROBE_BYTES = 512

/** A read from the page cache takes a few microseconds, one from a disk at least ten times that. */
const SLOW_MS = 0.08

const CHUNK = 1024 * 1024

/** Smaller files are read whole by the system before anybody could ask. */
const WORTH_PROBING = 4 * 1024 * 1024

/** Whether most of a file has to come from the disk, by the time that a few reads take. */
export function isCold(source: Source): boolean {
  if (source.size < WORTH_PROBING) return false
  const probe = new Uint8Array(PROBE_BYTES)
  const times: number[] = []
  for (let index = 0; index < PROBES; index++) {
    const at = Math.floor(((index + 0.5) * source.size) / PROBES)
    const before = performance.now()
    source.read(at, probe)
    times.push(performance.now() - before)
  }
  times.sort((a, b) => a - b)
  return (times[PROBES / 2] as number) > SLOW_MS
}

/** Reads a file from end to end, so that jumping about in it then costs nothing. */
export function warmUp(source: Source): void {
  const chunk = new Uint8Array(CHUNK)
  for (let at = 0; at < source.size; at += CHUNK) source.read(at, chunk)
}
