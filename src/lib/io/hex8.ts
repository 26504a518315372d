/** A CRC-32 as it is usually written. */
export function hex8(crc: number): string {
  return crc.toString(16).padStart(8, '0')
}
