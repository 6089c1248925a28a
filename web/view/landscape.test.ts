import { test } from 'node:test'
import { expect } from 'chai'
import { TECHNOLOGIES } from './filters.ts'
import { landscape } from './landscape.ts'

test('a project looks the same every time and unlike its neighbour', () => {
  expect(landscape(7, ['wind'])).to.deep.equal(landscape(7, ['wind']))
  expect(landscape(7, ['wind']).hills[0]?.path).to.not.equal(landscape(8, ['wind']).hills[0]?.path)
})

test('every technology is drawn, and an unknown one leaves the land empty', () => {
  for (const technology of TECHNOLOGIES) expect(landscape(3, [technology]).hills[2]?.shapes, technology).to.not.be.empty
  expect(landscape(3, ['fusion']).hills.flatMap((hill) => hill.shapes)).to.be.empty
})

test('no coordinate is ever missing', () => {
  for (let seed = 0; seed < 200; seed++) {
    for (const technology of TECHNOLOGIES) expect(JSON.stringify(landscape(seed, [technology]))).to.not.match(/NaN|undefined|Infinity|null/)
  }
})

test('a panorama puts each technology on its own stretch', () => {
  const { hills } = landscape(1, ['solar', 'wind', 'hydro', 'geothermal'], 1600, 420)
  expect(hills[0]?.shapes).to.be.empty
  expect(hills[1]?.shapes).to.not.be.empty
  expect(hills[2]?.shapes).to.not.be.empty
})
