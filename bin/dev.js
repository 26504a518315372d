#!/usr/bin/env -S node --import tsx
// Runs from source; `npm run build` is not needed.
async function start() {
  await import('../src/cli/environment.ts')
  const { discoverProgram } = await import('../scripts/program.ts')
  const { main } = await import('../src/cli/main.ts')
  const { program, files } = await discoverProgram()
  const modules = Object.fromEntries(
    Object.entries(files).map(([id, file]) => [id, () => import(`../${file}`)]),
  )
  await main({ ...program, modules })
}

start()
