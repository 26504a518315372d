import assert from 'node:assert/strict'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { BoltDb } from '../../../src/lib/bolt/bolt-db.ts'
import { Findings } from '../../../src/lib/findings/findings.ts'
import { FileSource } from '../../../src/lib/io/file-source.ts'
import type { ObjectIdentity } from '../../../src/lib/k8s/object-identity.ts'
import {
  parseRegistryKey,
  type RegistryFacts,
  type RegistryKey,
} from '../../../src/lib/k8s/registry-key.ts'
import { KubernetesSurvey } from '../../../src/lib/k8s/survey.ts'
import { describeValue, type ValueIdentity } from '../../../src/lib/k8s/value.ts'
import { revisionRows } from '../../../src/lib/store/revision-rows.ts'
import type { ValueTruth } from '../../fixtures/make/scenarios/kubernetes.ts'
import { fixture } from '../../support/fixtures.ts'

const { dir, truth } = fixture('3.6.14', 'kubernetes')
const truths: readonly [string, ValueTruth][] = Object.entries(truth.objects ?? {})

/** The live keys of the backup, and what their values are. */
const live = new Map<string, ValueIdentity>()
const survey = new KubernetesSurvey()
const source = new FileSource(join(dir, 'backup.db'))
const findings = new Findings()
for (const { key, value, tombstone } of revisionRows(new BoltDb(source, findings), findings)) {
  const text = Buffer.from(key).toString()
  live.delete(text)
  if (!tombstone) live.set(text, describeValue(value))
}
for (const [key, value] of live) survey.add(Buffer.from(key), value)

const parse = (key: string, facts?: RegistryFacts) => parseRegistryKey(Buffer.from(key), facts)
const objectOf = (value: ValueIdentity | undefined): ObjectIdentity | undefined =>
  value && 'object' in value ? value.object : undefined

describe('the db of a real etcd', () => {
  it('has every object that the encoders wrote, and no other', () => {
    assert.deepEqual([...live.keys()].sort(), truths.map(([key]) => key).sort())
    for (const [key, { encoding, kind }] of truths) {
      assert.equal(live.get(key)?.encoding, encoding, key)
      if (encoding !== 'encrypted') assert.equal(objectOf(live.get(key))?.kind, kind, key)
    }
  })
})

describe('KubernetesSurvey', () => {
  it('finds every prefix and namespace', () => {
    assert.equal(survey.isKubernetes, true)
    assert.deepEqual(survey.facts.prefixes, [
      '/clusters/eu-west/registry',
      '/kubernetes.io',
      '/openshift.io',
      '/registry',
    ])
    const namespaces = truths.filter(([, { kind }]) => kind === 'Namespace')
    const names = namespaces.map(([, { name }]) => name)
    assert.deepEqual([...survey.facts.namespaces].sort(), names.sort())
  })

  it('counts objects, nameless ones apart', () => {
    const named = truths.filter(([, { encoding, name }]) => encoding !== 'unknown' && name)
    assert.equal(survey.objects, named.length)
  })

  it('finds nothing in a store of somebody else', () => {
    const other = new KubernetesSurvey()
    const put = (key: string, value: string) =>
      other.add(Buffer.from(key), describeValue(Buffer.from(value)))
    put('/registry/pods/default/web-0', 'k8s\0 not really')
    put('/app/config', '{"kind":"Config","apiVersion":"v1"}')
    put('/app/x', '{"kind":"Config","apiVersion":"v1","metadata":{"name":"y"}}')
    put('k8s:enc:', 'k8s:enc:')
    assert.equal(other.isKubernetes, false)
    assert.deepEqual(other.facts.prefixes, [])
  })

  it('finds the root as a prefix', () => {
    const root = new KubernetesSurvey()
    const object = (kind: string, name: string): ValueIdentity => ({
      encoding: 'json',
      object: { apiVersion: 'v1', kind, name },
    })
    root.add(Buffer.from('/nodes/n1'), object('Node', 'n1'))
    root.add(Buffer.from('/namespaces/default'), object('Namespace', 'default'))
    assert.deepEqual(root.facts.prefixes, [''])
    assert.equal(parse('/nodes/n1', root.facts)?.resource, 'nodes')
  })
})

describe('parseRegistryKey', () => {
  for (const [key, expected] of truths) {
    if (expected.encoding === 'unknown') continue
    const { prefix, group, resource, namespace, name } = expected
    it(`tells the parts of ${key}`, () => {
      const object = objectOf(live.get(key))
      assert.deepEqual(parse(key, { ...survey.facts, object }), {
        segments: key.slice(1).split('/'),
        ...(prefix && { prefix }),
        ...(group && { group }),
        ...(resource && { resource }),
        ...(namespace && { namespace }),
        ...(name && { name }),
      })
    })

    it(`says nothing wrong of ${key} with fewer facts`, () => {
      const { prefixes, namespaces } = survey.facts
      const object = objectOf(live.get(key))
      const known: RegistryFacts[] = [{}, { object }, { prefixes }, { prefixes, namespaces }]
      for (const facts of known) {
        const said: Partial<RegistryKey> = { ...parse(key, facts), segments: [] }
        // Without the object the first segment is all that is certain of `services/specs`.
        const isFirst = said.resource === resource?.split('/')[0] && !('object' in facts)
        const path = isFirst ? { resource: said.resource } : { resource }
        const truth: Record<string, unknown> = { prefix, group, namespace, name, ...path }
        const wrong = Object.entries(said).filter(([part, value]) => {
          return part !== 'segments' && value !== truth[part]
        })
        const isNameless = name === undefined && !('object' in facts)
        const allowed = isNameless ? wrong.filter(([part]) => part !== 'name') : wrong
        assert.deepEqual(allowed, [], JSON.stringify(Object.keys(facts)))
      }
    })
  }

  it('leaves a namespace open that nothing but the key tells', () => {
    const prefixes = ['/registry']
    const sealed = parse('/registry/secrets/shop/token', { prefixes })
    assert.equal(sealed?.namespace, undefined)
    assert.equal(sealed?.name, 'token')
    const elsewhere = { prefixes, namespaces: new Set(['default']) }
    assert.equal(parse('/registry/secrets/shop/token', elsewhere)?.namespace, undefined)
  })

  it('does not take an object for the one that the key names', () => {
    const prefixes = ['/registry']
    const object = { apiVersion: 'v1', kind: 'Pod', namespace: 'other', name: 'web-0' }
    const said = parse('/registry/pods/default/web-0', { prefixes, object })
    assert.equal(said?.resource, 'pods')
    assert.equal(said?.name, undefined)
  })

  it('takes the longest prefix, and only whole segments of it', () => {
    const prefixes = ['/registry', '/registry/a', '/reg']
    assert.equal(parse('/registry/a/pods/x', { prefixes })?.prefix, '/registry/a')
    assert.equal(parse('/registry/ab/x', { prefixes })?.prefix, '/registry')
    assert.equal(parse('/registry2/ab/x', { prefixes })?.prefix, undefined)
  })

  it('refuses what is no path', () => {
    const deep = '/a'.repeat(65)
    for (const key of ['', '/', 'compact_rev_key', 'a/b', '//a', '/a/', '/a//b', deep]) {
      assert.equal(parse(key), undefined, key)
    }
    assert.equal(parseRegistryKey(Buffer.from([0x2f, 0xff])), undefined)
  })

  it('throws for no key', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.string(), (bytes, prefix) => {
        const key = Buffer.concat([Buffer.from('/'), bytes])
        parseRegistryKey(key, { prefixes: [prefix, ''], namespaces: new Set(['a']) })
      }),
      { numRuns: 5000 },
    )
  })
})
