/**
 * `exhaustive.ts SHARD SHARDS`: every byte of the fixtures changed and every length cut, but for those
 * that are like others, of which a sixteenth is taken. Ends with one line of JSON; throws at the first
 * thing that is not as it should be. See test/etcd/exhaustive.test.ts.
 */
import { CHANGES, changeBytes, cutAt, rotating, sample, Tally } from './damage.ts'
import { memoryInUse } from './memory.ts'
import { type Artefact, artefacts, Victim } from './victim.ts'

/** Up to here every length is cut. */
const EVERY_LENGTH = 64 * 1024

/** One in so many bytes and lengths of an artefact that is like another one. */
const LIKE_ANOTHER = 16

/** Of a db so many bytes and lengths: db-exhaustive.ts changes every one. */
const OF_DB = 60

const [shard = 0, shards = 1] = process.argv.slice(2).map(Number)
const tally = new Tally()
let cuts = 0
let start: ReturnType<typeof memoryInUse> | undefined

for (const [position, artefact] of artefacts().entries()) {
  if (position % shards !== shard) continue
  damage(artefact)
  start ??= memoryInUse()
}
const end = memoryInUse()
const grown = {
  heap: end.heap - (start?.heap ?? 0),
  resident: end.resident - (start?.resident ?? 0),
}
process.stdout.write(`${JSON.stringify({ ...tally, cuts, grown })}\n`)

function damage(artefact: Artefact): void {
  const victim = new Victim(artefact)
  const { length } = victim.intact
  if (artefact.name.endsWith('db')) {
    changeBytes(victim, victim.path, sample(length, OF_DB), rotating, tally)
    cutAt(victim, victim.path, sample(length, OF_DB))
    cuts += OF_DB
    victim.close()
    return
  }
  const share = isLikeAnother(artefact) ? LIKE_ANOTHER : 1
  const offsets = sample(length, Math.min(length, EVERY_LENGTH) / share)
  const changes = /^3\.(3\.25|6\.14)\/killed/.test(artefact.name) ? CHANGES : [rotating]
  for (const change of changes) changeBytes(victim, victim.path, offsets, change, tally)
  const lengths = [
    ...sample(Math.min(length, EVERY_LENGTH), Math.min(length, EVERY_LENGTH) / share),
    ...(length > EVERY_LENGTH ? sample(length, 500) : []),
  ]
  cutAt(victim, victim.path, lengths)
  cuts += lengths.length
  victim.close()
}

/** Members of one cluster, and several snapshots of a member; and a log of one large value. */
function isLikeAnother({ name }: Artefact): boolean {
  if (name.includes('large-value')) return true
  const kind = name.slice(name.lastIndexOf('.'))
  const [version, scenario] = name.split('/')
  const [first] = artefacts(
    (each) => each.startsWith(`${version}/${scenario}/`) && each.endsWith(kind),
  )
  return first?.name !== name
}
