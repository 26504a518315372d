/** The type of `camelCase` for names in snake case without runs of capitals. */
export type CamelCase<Name extends string> = Name extends `${infer Head}_${infer Tail}`
  ? `${Head}${Capitalize<CamelCase<Tail>>}`
  : Name

/**
 * The name JSON gives to a field. etcd's .proto files mix three spellings:
 * `range_end`, `memberID`, `PrevExist` and `remaining_TTL` become `rangeEnd`, `memberId`,
 * `prevExist` and `remainingTtl`.
 */
export function camelCase(name: string): string {
  const words = name.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+/g) ?? []
  return words
    .map((word, index) => {
      const lower = word.toLowerCase()
      return index === 0 ? lower : lower.charAt(0).toUpperCase() + lower.slice(1)
    })
    .join('')
}
