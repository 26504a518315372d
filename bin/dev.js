#!/usr/bin/env -S node --import tsx
// Runs from source; `npm run build` is not needed.
import '../src/cli/environment.ts'
import { discoverProgram } from '../scripts/program.ts'
import { main } from '../src/cli/main.ts'

const { program, files } = await discoverProgram()
const modules = Object.fromEntries(
  Object.entries(files).map(([id, file]) => [id, () => import(`../${file}`)]),
)
await main({ ...program, modules })
