import { compare } from './compare'
import { set32 } from './fields'

/** id u64, flags u16, count u16, overflow u32; then the elements. internal/common/page.go @ v1.4.3. */
const HEADER: u32 = 16
const ELEMENT: u32 = 16

/** What is wrong with an element. The order is that of FAULT in ../kernel.ts. */
const OUTSIDE: u32 = 1
const EMPTY: u32 = 2
const UNORDERED: u32 = 3
const FLAGS: u32 = 4
const OVERLAPPING: u32 = 5

/**
 * Looks at the elements [from, count) of a leaf page: each inside the page, behind the one before it
 * and with a key above. An element is flags u32, pos u32 (from the element's own first byte), ksize u32, vsize
 * u32; the value follows its key.
 *
 * @param bytes of the page with its overflow
 * @param follows whether the first one has to follow on element from - 1, which is inside the page
 * @returns the first element that is not as it should be, or count
 */
export function leaf(page: usize, bytes: u32, from: u32, count: u32, follows: bool): u32 {
  let previous: usize = 0
  let previousLength: u32 = 0
  let expected: usize = 0
  let start: usize = 0
  let startLength: u32 = 0
  let contiguous: u32 = 1
  let at = from
  let fault: u32 = 0
  let buckets: u32 = 0
  if (follows) {
    const element = page + HEADER + (from - 1) * ELEMENT
    previous = element + load<u32>(element, 4)
    previousLength = load<u32>(element, 8)
    expected = previous + previousLength + load<u32>(element, 12)
  }
  for (; at < count; at++) {
    const element = page + HEADER + at * ELEMENT
    const position = load<u32>(element, 4)
    const keyLength = load<u32>(element, 8)
    const used = <u64>(element - page) + position + keyLength + load<u32>(element, 12)
    if (used > bytes || position < (count - at) * ELEMENT) {
      fault = OUTSIDE
      break
    }
    const key = element + position
    if (keyLength === 0) {
      fault = EMPTY
      break
    }
    if (previous !== 0 && compare(previous, previousLength, key, keyLength) >= 0) {
      fault = UNORDERED
      break
    }
    const flags = load<u32>(element)
    if (flags > 1) {
      fault = FLAGS
      break
    }
    if (key < expected) {
      fault = OVERLAPPING
      break
    }
    buckets += flags
    if (at === from) {
      start = key
      startLength = keyLength
    } else if (key !== expected) contiguous = 0
    expected = page + <usize>used
    previous = key
    previousLength = keyLength
  }
  set32(0, fault)
  set32(1, contiguous)
  set32(2, <u32>start)
  set32(3, <u32>expected)
  set32(4, buckets)
  set32(5, startLength)
  set32(6, <u32>previous)
  set32(7, previousLength)
  return at
}

/**
 * The same for a branch page, whose elements are pos u32, ksize u32, and the child's id u64.
 *
 * @returns the first element that is not as it should be, or count
 */
export function branch(page: usize, bytes: u32, from: u32, count: u32, follows: bool): u32 {
  let previous: usize = 0
  let previousLength: u32 = 0
  let at = from
  let fault: u32 = 0
  if (follows) {
    const element = page + HEADER + (from - 1) * ELEMENT
    previous = element + load<u32>(element)
    previousLength = load<u32>(element, 4)
  }
  for (; at < count; at++) {
    const element = page + HEADER + at * ELEMENT
    const position = load<u32>(element)
    const keyLength = load<u32>(element, 4)
    const used = <u64>(element - page) + position + keyLength
    if (used > bytes || position < (count - at) * ELEMENT) {
      fault = OUTSIDE
      break
    }
    const key = element + position
    if (keyLength === 0) {
      fault = EMPTY
      break
    }
    if (previous !== 0 && compare(previous, previousLength, key, keyLength) >= 0) {
      fault = UNORDERED
      break
    }
    previous = key
    previousLength = keyLength
  }
  set32(0, fault)
  return at
}
