/** JSON as etcd's Go programs print it. */

const stringOrInteger = /"(?:[^"\\]|\\.)*"|-?\d+(?![\d.eE])/g

/**
 * Parses JSON whose integers may exceed 2^53: those become decimal strings, others numbers, so
 * that `BigInt(x)` and `String(x)` are exact for both.
 */
// biome-ignore lint/suspicious/noExplicitAny: the shape differs by command and etcd version
export function parseGoJson(text: string): any {
  const exact = text.replace(stringOrInteger, (token) => {
    const isSafe = token.startsWith('"') || Number.isSafeInteger(Number(token))
    return isSafe ? token : `"${token}"`
  })
  return JSON.parse(exact)
}

/** A member, cluster or lease id as etcd's logs show it, padded to 16 digits. */
export function hexId(id: number | string): string {
  return BigInt(id).toString(16).padStart(16, '0')
}
