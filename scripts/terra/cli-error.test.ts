import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { expect } from 'chai'
import { EXIT_CODES } from './cli-error.ts'
import { root } from './settings.ts'

test('the handbook lists every code with its exit code, and no other', () => {
  const handbook = readFileSync(join(root, 'docs', 'operators.md'), 'utf8').split('<!-- codes -->')[1]!
  const listed = [...handbook.matchAll(/^\| `([A-Z_]+)` \| (\d+) \|/gm)].map((match) => [match[1], Number(match[2])])
  expect(Object.fromEntries(listed)).to.deep.equal(EXIT_CODES)
})
