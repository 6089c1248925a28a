import { test } from 'node:test'
import { expect } from 'chai'
import solc from 'solc'
import { splitBranches } from './branches.ts'
import { coverageOf, formatCoverage, readLcov } from './read-coverage.ts'

const CONTENT = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;
// More bytes than letters: →
contract Till {
    error No();
    uint256 public sum;
    function take(uint256 a, bool b) external returns (uint256 c) {
        if (a == 0) revert No();
        if (b) sum = a;
        else if (a > 5) {
            sum = 5;
        }
        unchecked {
            sum += b ? 1 : 2;
        }
        try this.sum() returns (uint256 now_) { c = now_; } catch { c = 0; }
        return b ? a : c;
    }
}
`

test('Every branch gets a line of its own, and the file still compiles', () => {
  const { content, lines } = splitBranches(CONTENT)
  expect(compileErrors(content)).to.deep.equal([])
  const branches = lines.map(({ branch }) => branch).filter((branch) => branch !== undefined)
  expect(branches.toSorted()).to.deep.equal(
    ['8 then', '8 else', '9 then', '9 else', '10 then', '10 else', '14 ?', '14 :', '16 clause', '16 clause', '17 ?', '17 :'].toSorted(),
  )
  const marked = content.split('\n').filter((_, index) => lines[index]!.branch !== undefined)
  expect(new Set(marked)).to.deep.equal(new Set(['0;']))
})

test('A line of the rewritten file stands for the line of the original that it came from', () => {
  const { content, lines } = splitBranches(CONTENT)
  const rewritten = content.split('\n')
  const originals = CONTENT.split('\n')
  for (const piece of ['revert No();', 'sum = a;', 'sum = 5;', 'c = 0;']) {
    const at = rewritten.findIndex((line) => line.includes(piece))
    expect(originals[lines[at]!.original - 1]).to.contain(piece)
  }
})

test('A line counts as reached when all of it was, and what was not is named', () => {
  const split = {
    content: '',
    functions: [1],
    lines: [{ original: 1 }, { original: 1, branch: '1 then' }, { original: 1 }, { original: 1, branch: '1 else' }, { original: 2 }],
  }
  const coverage = coverageOf('A.sol', split, readLcov('SF:A.sol\nDA:1,1\nDA:2,0\nDA:3,0\nDA:4,7\nDA:5,1\nend_of_record').get('A.sol')!)
  expect(coverage).to.deep.equal({
    file: 'A.sol',
    lines: 2,
    coveredLines: 1,
    branches: 2,
    coveredBranches: 1,
    missing: ['1', '1 then'],
  })
  expect(formatCoverage([coverage]))
    .to.contain('50.0 %')
    .and.to.contain('1, 1 then')
})

test('A file of which the run says nothing is missing with all its functions, unless it has none', () => {
  const untouched = coverageOf('Till.sol', splitBranches(CONTENT))
  expect(untouched)
    .to.include({ lines: 1, coveredLines: 0 })
    .and.to.deep.include({ missing: ['7'] })
  expect(formatCoverage([untouched])).to.match(/Till\.sol +0\.0 %/)
  const silent = `pragma solidity 0.8.37;
uint256 constant MOST = 5;
interface Shown { function shown() external; }
abstract contract Kept { constructor() {} function kept() external virtual; }
`
  expect(coverageOf('Kept.sol', splitBranches(silent)).lines).to.equal(0)
})

function compileErrors(content: string): string[] {
  const settings = { evmVersion: 'cancun', outputSelection: { '*': { '*': ['evm.bytecode.object'] } } }
  const input = { language: 'Solidity', sources: { 'one.sol': { content } }, settings }
  const { errors } = JSON.parse(solc.compile(JSON.stringify(input))) as { errors?: { severity: string; formattedMessage: string }[] }
  return (errors ?? []).filter(({ severity }) => severity === 'error').map(({ formattedMessage }) => formattedMessage)
}
