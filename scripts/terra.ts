import { runTerra } from './terra/run.ts'

// Whoever reads may go away, as `head` does: what was done stands, and nobody is there to be told more.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})
process.exitCode = await runTerra(process.argv.slice(2), { out: process.stdout, err: process.stderr, input: process.stdin })
