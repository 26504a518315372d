/** Turns a command's document into text. */
export type Serialize = (document: object) => string

/** The serialiser of a format, loaded when it is asked for. */
export async function loadSerializer(format: 'json' | 'yaml'): Promise<Serialize> {
  if (format === 'yaml') {
    const { stringify } = await import('yaml')
    return (document) => stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })
  }
  return (document) =>
    `${JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? String(value) : value), 2)}\n`
}
