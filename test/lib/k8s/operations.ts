/** What the Go program wrote with Kubernetes' own encoders, in the order in which etcd got it. */
import type { Operation } from '../../fixtures/make/scenarios/kubernetes.ts'
import { fixtureFile } from '../../support/fixtures.ts'

export const operations: readonly Operation[] = JSON.parse(
  fixtureFile('3.6.14', 'kubernetes', 'values.json').toString(),
)

/** Every operation that has a value, with its bytes and a name for a test. */
export const values = operations
  .filter(({ op }) => op === 'put' || op === 'sample')
  .map(({ key, value, truth }) => {
    const { encoding, kind, name } = truth
    const text = Buffer.from(key ?? '', 'base64').toString()
    return {
      title: [encoding, kind, name, text].filter(Boolean).join(' '),
      key: text,
      bytes: Buffer.from(value, 'base64'),
      truth,
    }
  })
