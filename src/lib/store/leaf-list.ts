/** The leaf pages of the key bucket in the order of the tree: 12 bytes for each. */
export class LeafList {
  length = 0
  private readonly pages: Uint32Array
  private readonly crcs: Uint32Array
  private readonly lengths: Uint32Array

  /** @param most how many there can be: the pages of the file */
  constructor(most: number) {
    // Memory that is not written to costs nothing.
    this.pages = new Uint32Array(most)
    this.crcs = new Uint32Array(most)
    this.lengths = new Uint32Array(most)
  }

  /** @returns its number */
  add(page: number): number {
    this.pages[this.length] = page
    this.length += 1
    return this.length - 1
  }

  pageOf(leaf: number): number {
    return this.pages[leaf] as number
  }

  /** Keeps the CRC-32C of a leaf's rows, and how many bytes they are. */
  setHash(leaf: number, crc: number, bytes: number): void {
    this.crcs[leaf] = crc
    this.lengths[leaf] = bytes
  }

  crcOf(leaf: number): number {
    return this.crcs[leaf] as number
  }

  bytesOf(leaf: number): number {
    return this.lengths[leaf] as number
  }
}
