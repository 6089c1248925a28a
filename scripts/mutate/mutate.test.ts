import { test } from 'node:test'
import { expect } from 'chai'
import { type Compiler, openCompiler } from './compiler.ts'
import { readExplanations } from './explained.ts'
import { applyEdit, findMutants, type Mutant, orderMutants } from './mutants.ts'
import { percentOf, scoreOf } from './report.ts'
import { orderTests } from './run-mutants.ts'

const CONTENT = `// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A comment with more bytes than letters: → ⇄
contract Till {
    uint256 public held;
    mapping(address => uint256) private _owed;
    event Taken(address from, address to, uint256 amount);
    error TooMuch(uint256 asked, uint256 held);
    modifier once() { _; }
    function take(address from, address to, uint256 amount) external once returns (bool) {
        if (amount > held) revert TooMuch(amount, held);
        if (!(from == to && amount != 0)) _owed[to] += amount * 2;
        held -= amount;
        emit Taken(from, to, amount);
        return true;
    }
    function sizes() external pure returns (uint256[4] memory all) { for (uint256 i = 0; i < 4; ++i) all[i] = i; }
}
`
const FILE = 'contracts/Till.sol'

test('Every operator finds its places, and each change compiles or is no mutant', () => {
  const { mutants, compiler } = open()
  const changes = (operator: string) =>
    mutants.filter((one) => one.operator === operator).map(({ before, after }) => `${before} ⇒ ${after}`)
  expect(changes('drop check')).to.deep.equal(['if (amount > held) revert TooMuch(amount, held); ⇒ {}'])
  expect(changes('flip comparison')).to.deep.equal([
    'amount > held ⇒ amount >= held',
    'from == to ⇒ from != to',
    'amount != 0 ⇒ amount == 0',
    'i < 4 ⇒ i <= 4',
  ])
  expect(changes('drop modifier')).to.deep.equal(['once ⇒ '])
  expect(changes('drop event')).to.deep.equal(['emit Taken(from, to, amount); ⇒ {}'])
  expect(changes('swap arguments')).to.deep.equal([
    'TooMuch(amount, held) ⇒ TooMuch(held, amount)',
    'Taken(from, to, amount) ⇒ Taken(to, from, amount)',
  ])
  expect(changes('exchange and/or')).to.deep.equal(['from == to && amount != 0 ⇒ from == to || amount != 0'])
  expect(changes('drop not')).to.deep.equal(['!(from == to && amount != 0) ⇒ (from == to && amount != 0)'])
  expect(changes('change arithmetic')).to.deep.equal([
    '_owed[to] += amount * 2 ⇒ _owed[to] -= amount * 2',
    'amount * 2 ⇒ amount / 2',
    'held -= amount ⇒ held += amount',
  ])
  expect(changes('return something else')).to.deep.equal(['return true ⇒ return false'])
  expect(changes('drop statement')).to.contain('held -= amount; ⇒ {}').and.not.contain('++i ⇒ {}')
  expect(changes('change constant')).to.contain('2 ⇒ (2 + 1)')
  // The four of `uint256[4]` is a type, the one of the loop is not.
  expect(changes('change constant').filter((change) => change.startsWith('4'))).to.have.length(2)
  const compiled = mutants.filter(({ edit }) => compiler.compile(FILE, applyEdit(CONTENT, edit)) !== undefined)
  expect(compiled.length).to.be.above(20).and.below(mutants.length)
})

test('An id stays while its piece of code does, and the line follows', () => {
  const before = open().mutants
  const after = open(CONTENT.replace('/// A', '// Another line\n/// A')).mutants
  expect(after.map(({ id }) => id)).to.deep.equal(before.map(({ id }) => id))
  expect(after[0]!.line).to.equal(before[0]!.line + 1)
  expect(new Set(before.map(({ id }) => id)).size).to.equal(before.length)
})

test('One seed gives one order, another seed another, and the operators take turns', () => {
  const { mutants } = open()
  const ids = (seed: number) => orderMutants(mutants, seed).map(({ id }) => id)
  expect(ids(7)).to.deep.equal(ids(7)).and.not.deep.equal(ids(8))
  expect(ids(7).toSorted()).to.deep.equal(mutants.map(({ id }) => id).toSorted())
  const operators = new Set(mutants.map(({ operator }) => operator)).size
  expect(
    new Set(
      orderMutants(mutants, 7)
        .slice(0, operators)
        .map(({ operator }) => operator),
    ).size,
  ).to.equal(operators)
})

test('Only what sees the changed file is compiled', () => {
  const { compiler } = open()
  expect([...compiler.compile(FILE, CONTENT)!.keys()]).to.deep.equal(['artifacts/contracts/Till.sol/Till.json'])
  expect(compiler.files.map(({ file }) => file)).to.deep.equal(['contracts/Alone.sol', FILE])
})

test('An explanation is either an equivalence or a reason, and counts accordingly', () => {
  const explanations = readExplanations('# Survivors\n\n### 00000001 here\n\nEquivalent: so.\n\n### 00000002 there\nSurvives: so.\n')
  expect([...explanations]).to.deep.equal([
    ['00000001', { isEquivalent: true }],
    ['00000002', { isEquivalent: false }],
  ])
  expect(() => readExplanations('### 00000003\n\nBecause.\n')).to.throw('00000003')
  const tried = (id: string, state: 'killed' | 'survived' | 'invalid') => ({ mutant: { id } as Mutant, outcome: { state } })
  const all = [
    tried('00000001', 'survived'),
    tried('00000002', 'survived'),
    tried('00000004', 'survived'),
    tried('00000005', 'killed'),
    tried('6', 'invalid'),
  ]
  const score = scoreOf(all, explanations)
  expect(score).to.include({ killed: 1, counted: 3, equivalent: 1 })
  expect(score.unexplained.map(({ mutant }) => mutant.id)).to.deep.equal(['00000004'])
  expect(percentOf(score)).to.be.closeTo(33.3, 0.1)
})

test('The test that killed before comes first, then its namesake, then the quickest', () => {
  const order = orderTests(
    new Map([
      ['contracts/test/walk.test.ts', 9],
      ['contracts/test/exits.test.ts', 5],
      ['contracts/test/vault.test.ts', 1],
    ]),
  )
  const mutant = { file: 'contracts/ledger/Exits.sol' } as Mutant
  const names = () => order.filesFor(mutant).map((file) => file.split('/').at(-1))
  expect(names()).to.deep.equal(['exits.test.ts', 'vault.test.ts', 'walk.test.ts'])
  order.remember(mutant, 'contracts/test/walk.test.ts')
  expect(names()).to.deep.equal(['walk.test.ts', 'exits.test.ts', 'vault.test.ts'])
})

function open(content = CONTENT): { compiler: Compiler; mutants: Mutant[] } {
  const alone = '// SPDX-License-Identifier: Apache-2.0\npragma solidity 0.8.37;\ncontract Alone {}\n'
  const sources = { [`project/${FILE}`]: { content }, 'project/contracts/Alone.sol': { content: alone } }
  const compiler = openCompiler({ settings: { evmVersion: 'cancun' }, sources }, () => false)
  return { compiler, mutants: findMutants(compiler.files.find(({ file }) => file === FILE)!) }
}
