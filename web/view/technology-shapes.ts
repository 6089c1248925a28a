/** A stroke or a filled form; `tone` picks the colour in the page's theme. */
export type Shape = { d: string; kind: 'fill' | 'stroke'; tone: 'mark' | 'light' | 'water' }

type Ridge = (x: number) => number

/** What stands on a ridge between `from` and `to`, by technology; `scale` shrinks it with distance. Unknown ones draw nothing. */
export function technologyShapes(technology: string, random: () => number, ridge: Ridge, from: number, to: number, scale: number): Shape[] {
  return DRAW[technology]?.(random, ridge, from, to, scale) ?? []
}

type Draw = (random: () => number, ridge: Ridge, from: number, to: number, scale: number) => Shape[]

const DRAW: Record<string, Draw> = {
  solar: (_, ridge, from, to, scale) => {
    const panels: Shape[] = []
    for (let row = 0; row < 3; row++) {
      const step = (21 + row * 5) * scale
      for (let x = from + row * 7; x + step <= to; x += step) {
        const y = ridge(x) + (9 + row * 15) * scale
        const [w, h, lean] = [step * 0.72, (7 + row * 1.6) * scale, 4 * scale]
        panels.push({ d: `M${n(x + lean)} ${n(y)}h${n(w)}l${n(-lean)} ${n(h)}h${n(-w)}z`, kind: 'fill', tone: 'mark' })
        panels.push({
          d: `M${n(x + lean + w / 2)} ${n(y)}l${n(-lean)} ${n(h)}M${n(x + lean / 2)} ${n(y + h / 2)}h${n(w)}`,
          kind: 'stroke',
          tone: 'light',
        })
      }
    }
    return panels
  },
  wind: (random, ridge, from, to, scale) => {
    const count = Math.max(2, Math.round((to - from) / (95 * Math.max(scale, 1))))
    return Array.from({ length: count }, (_, index) => {
      const x = from + ((index + 0.25 + random() * 0.5) * (to - from)) / count
      const foot = ridge(x) + 3
      const mast = (58 + random() * 16) * scale
      const hub = foot - mast
      const blade = mast * 0.47
      const turn = random() * 120
      const blades = [0, 120, 240].map((angle) => {
        const a = ((angle + turn) * Math.PI) / 180
        const side = a + 0.16
        return `M${n(x)} ${n(hub)}L${n(x + blade * 0.3 * Math.cos(side))} ${n(hub + blade * 0.3 * Math.sin(side))}L${n(x + blade * Math.cos(a))} ${n(hub + blade * Math.sin(a))}Z`
      })
      const width = 1.5 * scale
      return {
        d: `M${n(x - width)} ${n(foot)}L${n(x - width * 0.45)} ${n(hub)}h${n(width * 0.9)}L${n(x + width)} ${n(foot)}Z${blades.join('')}`,
        kind: 'fill',
        tone: 'mark',
      } satisfies Shape
    })
  },
  hydro: (random, ridge, from, to, scale) => {
    const left = from + (to - from) * (0.3 + random() * 0.15)
    const right = left + Math.min((to - from) * 0.3, 110 * scale)
    const crest = Math.min(ridge(left), ridge(right)) - 24 * scale
    const depth = 46 * scale
    const spill = (left + right) / 2
    return [
      {
        d: `M${n(left - 14)} ${n(crest)}H${n(right + 14)}L${n(right - 2)} ${n(crest + depth)}H${n(left + 2)}Z`,
        kind: 'fill',
        tone: 'mark',
      },
      ...[0.25, 0.5, 0.75].map((share): Shape => {
        const x = left + (right - left) * share
        return {
          d: `M${n(x - 5 * scale)} ${n(crest + 7 * scale)}h${n(10 * scale)}l${n(3 * scale)} ${n(depth)}h${n(-16 * scale)}z`,
          kind: 'fill',
          tone: 'water',
        }
      }),
      {
        d: `M${n(left)} ${n(crest + depth)}C${n(left + 10)} ${n(crest + depth + 26)} ${n(spill - 60)} ${n(crest + depth + 44)} ${n(spill - 46)} ${n(crest + depth + 90)}H${n(spill + 84)}C${n(spill + 70)} ${n(crest + depth + 44)} ${n(right)} ${n(crest + depth + 26)} ${n(right)} ${n(crest + depth)}Z`,
        kind: 'fill',
        tone: 'water',
      },
      {
        d: [14, 30, 47].map((down) => `M${n(spill - 34 + down * 0.2)} ${n(crest + depth + down)}q12 -4 24 0t24 0`).join(''),
        kind: 'stroke',
        tone: 'light',
      },
    ]
  },
  geothermal: (random, ridge, from, to, scale) => {
    const count = Math.max(2, Math.round((to - from) / (110 * Math.max(scale, 1))))
    return Array.from({ length: count }, (_, index): Shape[] => {
      const x = from + ((index + 0.3 + random() * 0.4) * (to - from)) / count
      const foot = ridge(x) + 4
      const [w, h] = [13 * scale, 26 * scale]
      const sway = (random() - 0.5) * 16
      const steam = [-4, 0, 4].map(
        (dx) =>
          `M${n(x + dx * scale)} ${n(foot - h - 3)}c${n(-9 * scale + sway)} ${n(-13 * scale)} ${n(9 * scale + sway)} ${n(-24 * scale)} ${n(sway)} ${n(-40 * scale)}`,
      )
      return [
        {
          d: `M${n(x - w)} ${n(foot)}C${n(x - w * 0.45)} ${n(foot - h * 0.6)} ${n(x - w * 0.5)} ${n(foot - h * 0.8)} ${n(x - w * 0.62)} ${n(foot - h)}H${n(x + w * 0.62)}C${n(x + w * 0.5)} ${n(foot - h * 0.8)} ${n(x + w * 0.45)} ${n(foot - h * 0.6)} ${n(x + w)} ${n(foot)}Z`,
          kind: 'fill',
          tone: 'mark',
        },
        { d: steam.join(''), kind: 'stroke', tone: 'light' },
      ]
    }).flat()
  },
  biomass: (random, ridge, from, to, scale) => {
    const trees: Shape[] = []
    for (let x = from + 6; x < to - 6; x += (15 + random() * 13) * scale) {
      const foot = ridge(x) + (3 + random() * 26) * scale
      const h = (20 + random() * 15) * scale
      trees.push({ d: `M${n(x)} ${n(foot)}v${n(-h * 0.4)}`, kind: 'stroke', tone: 'mark' })
      trees.push({
        d: `M${n(x)} ${n(foot - h)}C${n(x + h * 0.34)} ${n(foot - h * 0.72)} ${n(x + h * 0.3)} ${n(foot - h * 0.3)} ${n(x)} ${n(foot - h * 0.28)}C${n(x - h * 0.3)} ${n(foot - h * 0.3)} ${n(x - h * 0.34)} ${n(foot - h * 0.72)} ${n(x)} ${n(foot - h)}Z`,
        kind: 'fill',
        tone: 'mark',
      })
    }
    return trees
  },
  storage: (random, ridge, from, to, scale) => {
    const count = Math.max(2, Math.round((to - from) / (70 * scale)))
    return Array.from({ length: count }, (_, index): Shape[] => {
      const x = from + ((index + 0.14) * (to - from)) / count
      const [w, h] = [46 * scale, 22 * scale]
      const y = Math.max(ridge(x), ridge(x + w)) + (2 + random() * 8) * scale
      const full = Math.max(1, Math.round(random() * 4))
      return [
        { d: `M${n(x)} ${n(y)}h${n(w)}v${n(h)}h${n(-w)}z`, kind: 'fill', tone: 'mark' },
        ...Array.from(
          { length: full },
          (_, cell): Shape => ({
            d: `M${n(x + (5 + cell * 9.5) * scale)} ${n(y + 5 * scale)}h${n(6.5 * scale)}v${n(h - 10 * scale)}h${n(-6.5 * scale)}z`,
            kind: 'fill',
            tone: 'light',
          }),
        ),
      ]
    }).flat()
  },
}

function n(value: number): string {
  return String(Math.round(value * 10) / 10)
}
