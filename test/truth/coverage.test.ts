/** That no fixture, and no member of one, is passed over in silence. */
import assert from 'node:assert/strict'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { it } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../fixtures/make/fixture.ts'
import { listFixtures } from '../fixtures/open.ts'
import { fixture } from '../support/fixtures.ts'
import { dataDirs } from './artefacts.ts'

const scenarios = fileURLToPath(new URL('../fixtures/make/scenarios', import.meta.url))

/** What the makers of fixtures say that they make. */
async function madeFixtures(): Promise<string[]> {
  const made: string[] = []
  for (const file of readdirSync(scenarios)) {
    const exported: Record<string, unknown> = await import(join(scenarios, file))
    for (const each of Object.values(exported)) {
      if (!isScenario(each)) continue
      made.push(...each.versions.map((version) => `${version}/${each.name}`))
    }
  }
  return made.sort()
}

function isScenario(value: unknown): value is Scenario {
  return typeof value === 'object' && value !== null && 'versions' in value && 'make' in value
}

/** The data dirs that lie on the disk, whatever the recorded truth says. */
function dataDirsOnDisk(): string[] {
  return listFixtures()
    .flatMap(([version, scenario]) => {
      const { dir } = fixture(version, scenario)
      const names = readdirSync(dir).filter((name) => existsSync(join(dir, name, 'member')))
      return names.map((name) => `${version}/${scenario}/${name}`)
    })
    .sort()
}

it('every fixture that is made is there', async () => {
  assert.deepEqual(
    listFixtures()
      .map((names) => names.join('/'))
      .sort(),
    await madeFixtures(),
  )
})

it('every data dir on the disk is compared with what its servers said', () => {
  const names = dataDirs().map(({ name }) => name)
  assert.deepEqual(names.sort(), dataDirsOnDisk())
})

it('every minor version from 3.3 to 3.7 has its data dirs, and no scenario is without', () => {
  const minors = dataDirs().map(({ truth }) => truth.etcd.split('.').slice(0, 2).join('.'))
  assert.deepEqual([...new Set(minors)].sort(), ['3.3', '3.4', '3.5', '3.6', '3.7'])
  const covered = new Set(dataDirs().map(({ truth }) => `${truth.etcd}/${truth.scenario}`))
  assert.equal(covered.size, listFixtures().length)
})

it('every member that was asked left an artefact', () => {
  for (const [version, scenario] of listFixtures()) {
    const { dir, truth } = fixture(version, scenario)
    for (const artefact of Object.keys(truth.expect)) {
      // The killed member was copied before it was started again and asked.
      const path = scenario === 'killed' && artefact === 'restarted' ? 'data' : artefact
      assert.ok(existsSync(join(dir, path)), `${version}/${scenario}/${path}`)
    }
  }
})
