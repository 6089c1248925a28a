import { seeded } from './random.ts'
import { type Shape, technologyShapes } from './technology-shapes.ts'

export type { Shape } from './technology-shapes.ts'
export type Landscape = { width: number; height: number; sun: { x: number; y: number; r: number }; hills: Hill[] }
/** One ridge with what stands on it; `contours` are the engraved lines below its edge. */
export type Hill = { path: string; contours: string[]; shapes: Shape[]; depth: 0 | 1 | 2 }

/**
 * The picture of a project: a horizon drawn from its number alone, with its technology on it.
 * The same project looks the same everywhere, and nobody has to upload a stock photograph.
 * @param technologies what stands on the front ridges; several make a panorama
 */
export function landscape(seed: number, technologies: readonly string[], width = 400, height = 220): Landscape {
  const random = seeded(seed)
  const sun = {
    x: round(width * (0.18 + 0.64 * random())),
    y: round(height * (0.22 + 0.16 * random())),
    r: round(height * (0.09 + 0.05 * random())),
  }
  const hills = ([0, 1, 2] as const).map((depth): Hill => {
    const ridge = ridgeOf(random, width, height * (0.5 + depth * 0.17), height * (0.11 - depth * 0.025))
    const shapes =
      depth === 0
        ? []
        : technologies.flatMap((technology, index) => {
            // A panorama gives each technology its own stretch of the horizon, the nearer ones to the odd neighbours.
            if (technologies.length > 1 && index % 2 !== depth - 1) return []
            if (technologies.length === 1 && depth === 1 && !STANDS_FAR.has(technology)) return []
            const from = technologies.length === 1 ? width * 0.06 : (width * index) / technologies.length
            const to = technologies.length === 1 ? width * 0.94 : (width * (index + 1)) / technologies.length
            return technologyShapes(technology, random, ridge, from, to, (depth === 1 ? 0.62 : 1) * (height / 220))
          })
    return { path: area(ridge, width, height), contours: [10, 22, 37].map((below) => line(ridge, width, below + depth * 3)), shapes, depth }
  })
  return { width, height, sun, hills }
}

/** Also drawn small on the ridge behind, where they are seen from afar. */
const STANDS_FAR = new Set(['wind', 'geothermal'])

function ridgeOf(random: () => number, width: number, base: number, swing: number) {
  const waves = [1, 2.3, 4.1].map((frequency) => ({
    frequency: frequency * (0.8 + 0.5 * random()),
    phase: random() * Math.PI * 2,
    share: 1 / frequency ** 1.25,
  }))
  return (x: number) =>
    round(
      base + swing * waves.reduce((sum, wave) => sum + wave.share * Math.sin((x / width) * Math.PI * 2 * wave.frequency + wave.phase), 0),
    )
}

function line(ridge: (x: number) => number, width: number, below = 0): string {
  const points: string[] = []
  for (let x = 0; x <= width; x += width / 40) points.push(`${round(x)} ${round(ridge(x) + below * (1 + 0.35 * Math.sin(x / 37)))}`)
  return `M${points.join('L')}`
}

function area(ridge: (x: number) => number, width: number, height: number): string {
  const points: string[] = []
  for (let x = 0; x <= width; x += width / 40) points.push(`${round(x)} ${ridge(x)}`)
  return `M0 ${height}L${points.join('L')}L${width} ${height}Z`
}

function round(value: number) {
  return Math.round(value * 10) / 10
}
