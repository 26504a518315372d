/** Writes a command's document as text; an iterable in it becomes a list, item by item. */
export type WriteDocument = (document: object, write: (text: string) => void) => void

/** The writer for a format, loaded when it is asked for. */
export async function loadWriter(format: 'json' | 'yaml'): Promise<WriteDocument> {
  if (format === 'yaml') {
    const { stringify } = await import('yaml')
    return (document, write) =>
      write(stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 }))
  }
  const { writeJson } = await import('../lib/report/json.ts')
  return (document, write) => {
    writeJson(document, write, 2)
    write('\n')
  }
}
