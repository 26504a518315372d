import type { Findings } from '../../lib/findings/findings.ts'
import type { Artefact, ArtefactType } from '../../lib/member/artefact.ts'
import type { Out } from '../out.ts'
import { showDataDir } from './data-dir-card.ts'
import { showDb } from './db-card.ts'
import { showFindings } from './findings.ts'
import { errorsOf, resultOf } from './result.ts'
import { openSheet, type Sheet } from './sheet.ts'
import { exactSize } from './size.ts'
import { showSnap } from './snap-card.ts'
import { shown } from './text.ts'
import { showWal } from './wal-card.ts'

const TYPE_NAMES: Record<ArtefactType, string> = {
  snap: 'raft snapshot',
  wal: 'WAL segment',
  'wal-dir': 'WAL',
  db: 'db',
  backup: 'backup',
  'snap-db': 'snapshot db',
  'data-dir': 'data dir',
  unknown: 'unknown',
}

/** Shows artefacts and findings to people: a card each, then what was found, then the result. */
export async function showArtefacts(
  out: Out,
  artefacts: readonly Artefact[],
  findings: Findings,
): Promise<void> {
  const sheet = await openSheet(out)
  for (const [position, artefact] of artefacts.entries()) {
    if (position > 0) sheet.gap()
    sheet.line(sheet.theme.bold(`${TYPE_NAMES[artefact.type]}  ${shown(artefact.path)}`))
    sheet.field('state', [
      resultOf(sheet, findings, position),
      ...errorsOf(sheet, findings, position),
    ])
    showCard(sheet, artefact)
  }
  showFindings(sheet, findings)
  sheet.gap()
  sheet.line(resultOf(sheet, findings))
}

function showCard(sheet: Sheet, artefact: Artefact): void {
  if ('unread' in artefact) {
    if (artefact.bytes > 0) sheet.field('size', [exactSize(artefact.bytes)])
    return
  }
  switch (artefact.type) {
    case 'snap':
      showSnap(sheet, artefact.snap)
      break
    case 'wal':
    case 'wal-dir':
      showWal(sheet, artefact.wal)
      break
    case 'data-dir':
      showDataDir(sheet, artefact.dataDir)
      break
    default:
      showDb(sheet, artefact.db)
  }
}
