import { relative } from 'node:path'
import { run } from 'node:test'
import { inspect } from 'node:util'
import { root } from './program.ts'

interface FileRun {
  passed: number
  failed: number
  skipped: string[]
}

/** A file that takes longer hangs. */
const FILE_WITHIN_MS = 600_000

/**
 * Runs test files side by side, each in a process of its own, prints a line per file and every failure in full, and answers the
 * counts. `signal` ends it early.
 */
export async function runNodeTests(files: string[], concurrency: number, signal: AbortSignal): Promise<{ passed: number; failed: number }> {
  const total = { passed: 0, failed: 0 }
  if (files.length === 0) return total
  const runs = new Map<string, FileRun>()
  const runOf = (file: string) => {
    const found = runs.get(file) ?? { passed: 0, failed: 0, skipped: [] }
    runs.set(file, found)
    return found
  }
  const stream = run({ files, concurrency, signal, timeout: FILE_WITHIN_MS })
  stream.on('test:pass', ({ file, name, details, skip }) => {
    if (details.type === 'suite' || file === undefined) return
    const fileRun = runOf(file)
    if (skip === undefined) fileRun.passed++
    else fileRun.skipped.push(`${name}${typeof skip === 'string' && skip !== '' ? `: ${skip}` : ''}`)
  })
  stream.on('test:fail', ({ file, name, details }) => {
    // A suite fails because a test in it did; a hook's failure carries its own name.
    const error = details.error as Error & { failureType?: string; cause?: unknown }
    if (details.type === 'suite' && error.failureType === 'subtestsFailed') return
    if (error.failureType === 'subtestsFailed') return
    runOf(file ?? name).failed++
    console.log(`  ✘ ${relative(root, file ?? name)}: ${name}\n${indent(inspect(error.cause ?? error))}`)
  })
  stream.on('test:summary', ({ file, duration_ms: durationMs }) => {
    if (file === undefined) return
    const { passed, failed, skipped } = runOf(file)
    const seconds = (durationMs / 1000).toFixed(1)
    console.log(
      `  ${failed > 0 ? '✘' : '✔'} ${relative(root, file)}  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}  ${seconds} s`,
    )
    for (const reason of skipped) console.log(`    skipped ${reason}`)
    total.passed += passed
    total.failed += failed
    runs.delete(file)
  })
  const said = new Map<string, string>()
  stream.on('test:stderr', ({ file, message }) => void said.set(file, ((said.get(file) ?? '') + message).slice(-4_000)))
  await new Promise<void>((resolve, reject) => {
    stream.on('end', resolve)
    stream.on('error', reject)
    stream.resume()
  })
  // Tests that stand in a module which a test file calls are counted there.
  for (const [file, { passed, failed }] of runs) {
    const isTestFile = files.includes(file)
    total.passed += passed
    total.failed += isTestFile ? Math.max(1, failed) : failed
    console.log(
      `  ${failed > 0 || isTestFile ? '✘' : '✔'} ${relative(root, file)}  ${passed} passed${failed > 0 ? `, ${failed} failed` : ''}${isTestFile ? ', did not run to its end' : ''}`,
    )
    if (isTestFile) console.log(indent((said.get(file) ?? '').trimEnd()))
  }
  return total
}

function indent(text: string): string {
  return text.replace(/^/gm, '    ')
}
