import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { type JsonValue, parseJson } from '../../../src/lib/proto/json.ts'
import { readV2Store } from '../../../src/lib/snap/v2-store.ts'

type Tree = { [name: string]: Tree | string }

/** A node as `store.Save()` writes it; a text is a file, anything else a directory. */
function node(path: string, content: Tree | string): JsonValue {
  const isFile = typeof content === 'string'
  return {
    Path: path,
    CreatedIndex: 1,
    ModifiedIndex: 1,
    ExpireTime: '0001-01-01T00:00:00Z',
    Value: isFile ? content : '',
    Children: isFile
      ? null
      : Object.fromEntries(
          Object.entries(content).map(([name, each]) => [name, node(`${path}/${name}`, each)]),
        ),
  }
}

const read = (tree: Tree) => readV2Store({ Root: node('', tree), CurrentIndex: 9 })

describe('readV2Store', () => {
  it('reads members, learners, removed members and the version', () => {
    const store = read({
      0: {
        members: {
          ffffffffffffffff: {
            raftAttributes: '{"peerURLs":["http://a:1","http://a:2"]}',
            attributes: '{"name":"m1","clientURLs":["http://a:3"]}',
          },
          // Ids are not padded.
          '2f': { raftAttributes: '{"peerURLs":["http://b:1"],"isLearner":true}' },
        },
        removed_members: { abc: '', '9': '' },
        version: '3.5.0',
      },
      1: {},
    })
    assert.deepEqual(store, {
      members: [
        { id: 0x2f, peerUrls: ['http://b:1'], clientUrls: [], isLearner: true },
        {
          id: 2n ** 64n - 1n,
          name: 'm1',
          peerUrls: ['http://a:1', 'http://a:2'],
          clientUrls: ['http://a:3'],
          isLearner: false,
        },
      ],
      removedMembers: [9, 0xabc],
      clusterVersion: '3.5.0',
      userKeys: [],
    })
  })

  it('takes a fresh store for one without members', () => {
    const empty = { members: [], removedMembers: [], userKeys: [] }
    assert.deepEqual(read({ 0: {}, 1: {} }), empty)
    assert.deepEqual(read({}), empty)
  })

  it('lists what 3.6 refuses to start on: everything but /0, empty directories and flat auth', () => {
    const keys = (tree: Tree) => read(tree)?.userKeys
    assert.deepEqual(keys({ 1: { a: 'x', dir: { b: '', empty: {} } } }), [
      '/1/a',
      '/1/dir/b',
      '/1/dir/empty',
    ])
    assert.deepEqual(keys({ 0: { whatever: { x: 'y' } } }), [])
    assert.deepEqual(keys({ 2: { enabled: 'false', roles: {} } }), [])
    assert.deepEqual(keys({ 2: { enabled: 'true', roles: { root: '{}' } } }), [
      '/2/enabled',
      '/2/roles/root',
    ])
    assert.deepEqual(keys({ 3: { x: '' } }), ['/3/x'])
  })

  it('gets over attributes that are no JSON', () => {
    for (const broken of ['', '{', 'null', '[]', '"x"', '{"peerURLs":7,"isLearner":"yes"}']) {
      const store = read({ 0: { members: { 1: { raftAttributes: broken, attributes: broken } } } })
      assert.deepEqual(store?.members, [{ id: 1, peerUrls: [], clientUrls: [], isLearner: false }])
    }
    const store = read({ 0: { members: { 'no id': {}, '': {}, '12345678901234567': {} } } })
    assert.deepEqual(store?.members, [])
  })

  it('refuses JSON of another shape', () => {
    for (const json of ['null', '7', '[]', '{}', '{"Root":null}', '{"Root":[]}', '{"Root":"/"}']) {
      const parsed = parseJson(json)
      assert.ok(parsed.ok)
      assert.equal(readV2Store(parsed.value), undefined, json)
    }
  })

  it('reads directories as deep as JSON may be', () => {
    const depth = 990
    const deep = `${'{"Children":{"1":'.repeat(depth)}{}${'}}'.repeat(depth)}`
    const parsed = parseJson(`{"Root":${deep}}`)
    assert.ok(parsed.ok)
    assert.deepEqual(readV2Store(parsed.value)?.userKeys, ['/1'.repeat(depth)])
  })
})
