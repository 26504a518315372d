import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Memory that is in use once everything unused is gone, in MiB. */
export function memoryInUse(): { heap: number; external: number; resident: number } {
  // Buffers that one collection finds unused are only gone with the next.
  collect()
  collect()
  const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage()
  const [heap, outside, resident] = [heapUsed, external + arrayBuffers, rss].map(
    (bytes) => bytes / 1024 / 1024,
  ) as [number, number, number]
  return { heap, external: outside, resident }
}
