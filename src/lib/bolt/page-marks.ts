/** Which pages are in use, and by which bucket: one byte for each page. */
export class PageMarks {
  /** By page id: 0 for a page that nothing refers to, else 1 + the owner's number. */
  readonly owners: Uint8Array

  /** @param pages how many the file can hold; ids at and above are not marked */
  constructor(pages: number) {
    this.owners = new Uint8Array(pages)
  }

  /**
   * Marks pages [id, id + count) as the owner's.
   *
   * @param owner a number below 255
   * @returns the first of them that was in use already, or undefined
   */
  claim(id: number, count: number, owner: number): number | undefined {
    const { owners } = this
    const behind = Math.min(id + count, owners.length)
    for (let page = id; page < behind; page++) if (owners[page] !== 0) return page
    owners.fill(owner + 1, id, behind)
    return undefined
  }

  copy(): PageMarks {
    const copy = new PageMarks(this.owners.length)
    copy.owners.set(this.owners)
    return copy
  }

  isUsed(id: number): boolean {
    return (this.owners[id] ?? 0) !== 0
  }

  /** How many are in use. */
  get used(): number {
    let used = 0
    for (const owner of this.owners) if (owner !== 0) used += 1
    return used
  }
}
