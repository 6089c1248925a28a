import { runTerra } from './terra/run.ts'

process.exitCode = await runTerra(process.argv.slice(2), { out: process.stdout, err: process.stderr, input: process.stdin })
