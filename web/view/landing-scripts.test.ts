import { test } from 'node:test'
import { expect } from 'chai'
import { landingScripts } from './landing-scripts.ts'

test('the landing page loads the entry and its static imports once, and no lazy page', () => {
  const manifest = {
    'index.html': { file: 'assets/index.js', isEntry: true, imports: ['_a.js', '_b.js'], dynamicImports: ['pages/portfolio.tsx'] },
    '_a.js': { file: 'assets/a.js', imports: ['_b.js'] },
    '_b.js': { file: 'assets/b.js', imports: ['_a.js'] },
    'pages/portfolio.tsx': { file: 'assets/portfolio.js', imports: ['_a.js'] },
  }
  expect(landingScripts(manifest)).to.deep.equal(['assets/a.js', 'assets/b.js', 'assets/index.js'])
})

test('a build without the entry is refused', () => {
  expect(() => landingScripts({})).to.throw('no chunk index.html')
})
