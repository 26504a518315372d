const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The text in `bytes[from, to)`; undefined when that is not UTF-8. */
export function utf8(bytes: Uint8Array, from = 0, to = bytes.length): string | undefined {
  if (from === to) return ''
  try {
    return decoder.decode(bytes.subarray(from, to))
  } catch {
    return undefined
  }
}
