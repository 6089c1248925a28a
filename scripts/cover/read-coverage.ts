import type { Split } from './branches.ts'

export interface FileCoverage {
  file: string
  lines: number
  coveredLines: number
  branches: number
  coveredBranches: number
  /** e.g. `12`, `34 else`: an original line, or the arm of the branch on it. */
  missing: string[]
}

/** Runs of lines by file, out of what Hardhat writes. */
export function readLcov(text: string): Map<string, Map<number, number>> {
  const files = new Map<string, Map<number, number>>()
  let lines = new Map<number, number>()
  for (const entry of text.split('\n')) {
    if (entry.startsWith('SF:')) {
      lines = new Map()
      files.set(entry.slice(3), lines)
    }
    const [, line, runs] = /^DA:(\d+),(\d+)/.exec(entry) ?? []
    if (line !== undefined) lines.set(Number(line), Number(runs))
  }
  return files
}

/**
 * What the lines that ran in the rewritten file say about the original. A file of which the run says nothing, though it has functions, is
 * one that no test deploys: every function of it is missing.
 */
export function coverageOf(file: string, split: Split, runs: ReadonlyMap<number, number> = new Map()): FileCoverage {
  if (runs.size === 0) {
    const missing = split.functions.map(String)
    return { file, lines: missing.length, coveredLines: 0, branches: 0, coveredBranches: 0, missing }
  }
  const lines = new Map<number, boolean>()
  const branches = new Map<string, boolean>()
  for (const [line, count] of runs) {
    const { original, branch } = split.lines[line - 1]!
    if (branch === undefined) lines.set(original, (lines.get(original) ?? true) && count > 0)
    else branches.set(branch, count > 0)
  }
  const missed = <T>(all: Map<T, boolean>) => [...all].filter(([, isCovered]) => !isCovered).map(([key]) => String(key))
  const missing = [...missed(lines), ...missed(branches)]
  return {
    file,
    lines: lines.size,
    coveredLines: lines.size - missed(lines).length,
    branches: branches.size,
    coveredBranches: branches.size - missed(branches).length,
    missing: missing.sort((one, other) => Number.parseInt(one, 10) - Number.parseInt(other, 10)),
  }
}

/** A line for each file and one for all. */
export function formatCoverage(files: FileCoverage[]): string {
  const sum = (key: 'lines' | 'coveredLines' | 'branches' | 'coveredBranches') => files.reduce((total, file) => total + file[key], 0)
  const all = {
    file: 'All',
    lines: sum('lines'),
    coveredLines: sum('coveredLines'),
    branches: sum('branches'),
    coveredBranches: sum('coveredBranches'),
  }
  const width = Math.max(...files.map(({ file }) => file.length))
  const row = ({ file, lines, coveredLines, branches, coveredBranches, missing }: FileCoverage) => {
    const cells = [file.padEnd(width), percent(coveredLines, lines), `${coveredLines}/${lines}`.padStart(9)]
    return [...cells, percent(coveredBranches, branches), `${coveredBranches}/${branches}`.padStart(9), missing.join(', ')]
      .join('  ')
      .trimEnd()
  }
  const head = `${''.padEnd(width)}   lines                branches`
  return [head, ...files.map(row), row({ ...all, missing: [] })].join('\n')
}

/** Rounded down, so that 100 is all. */
function percent(covered: number, total: number): string {
  const value = total === 0 ? 100 : Math.floor((1000 * covered) / total) / 10
  return `${value.toFixed(1).padStart(5)} %`
}
