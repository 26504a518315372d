import assert from 'node:assert/strict'
import { it } from 'node:test'
import { decodeWalMetadata } from '../../../src/lib/wal/wal-metadata.ts'
import { decodeWalSnapshot } from '../../../src/lib/wal/wal-snapshot.ts'

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

it('decodeWalMetadata reads whose log it is', () => {
  assert.deepEqual(decodeWalMetadata(hex('08 dfb2da8ac7a9a3d9c001 10 c2d1c1d9d2fabcb82d')), {
    memberId: 0xc0b28d4c7156995fn,
    clusterId: 0x2d70f3d52b3068c2n,
  })
  // testdata/TestNew.wal @ v3.7.1 has "somedata" there; other tests of etcd's have nothing.
  assert.equal(decodeWalMetadata(Buffer.from('somedata')), undefined)
  assert.equal(decodeWalMetadata(new Uint8Array()), undefined)
})

it('decodeWalSnapshot reads index, term and, since 3.5, the voters', () => {
  assert.deepEqual(decodeWalSnapshot(hex('08 00 10 00')), { index: 0, term: 0 })
  assert.deepEqual(decodeWalSnapshot(new Uint8Array()), { index: 0, term: 0 })
  assert.deepEqual(decodeWalSnapshot(hex('08 2a 10 02 1a 0c 08 96f2a4b58db1ab8641 28 00')), {
    index: 42,
    term: 2,
    confState: {
      voters: [0x410cad88d6a93916n],
      learners: [],
      votersOutgoing: [],
      learnersNext: [],
      autoLeave: false,
    },
  })
  assert.equal(decodeWalSnapshot(hex('08')), undefined)
  assert.equal(decodeWalSnapshot(hex('0a 00')), undefined)
})
