import { useMemo } from 'react'
import { landscape } from '../view/landscape.ts'

const RIDGE = ['var(--far)', 'var(--mid)', 'var(--near)']
const TONE = { mark: 'var(--mark)', light: 'var(--light)', water: 'var(--water)' }

/** The land of a project, drawn from its number. Purely an ornament: the facts stand beside it. */
export function LandscapePicture({
  seed,
  technologies,
  width = 400,
  height = 220,
  className = '',
}: {
  seed: number
  technologies: readonly string[]
  width?: number
  height?: number
  className?: string
}) {
  const key = technologies.join()
  const land = useMemo(() => landscape(seed, key.split(','), width, height), [seed, key, width, height])
  const id = `sky-${seed}-${width}`
  return (
    <svg
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="xMidYMax slice"
      aria-hidden="true"
      className={`land land-${technologies.length === 1 ? key : 'many'} block ${className}`}
    >
      <defs>
        <linearGradient id={id} x1="0" y1="0" x2="0" y2="1">
          <stop offset="0" stopColor="var(--sky-a)" />
          <stop offset=".75" stopColor="var(--sky-b)" />
        </linearGradient>
      </defs>
      <rect width={width} height={height} fill={`url(#${id})`} />
      <g fill="none" stroke="var(--sun)" strokeWidth="1">
        {[1.5, 2.1, 2.9].map((times, index) => (
          <circle key={times} cx={land.sun.x} cy={land.sun.y} r={land.sun.r * times} opacity={0.5 - index * 0.14} />
        ))}
      </g>
      <circle cx={land.sun.x} cy={land.sun.y} r={land.sun.r} fill="var(--sun)" />
      {land.hills.map((hill) => (
        <g key={hill.depth}>
          <path d={hill.path} fill={RIDGE[hill.depth]} />
          <g fill="none" stroke="var(--sky-b)" strokeWidth="0.8" opacity={0.3}>
            {hill.contours.map((contour) => (
              <path key={contour} d={contour} />
            ))}
          </g>
          {hill.shapes.map((shape) =>
            shape.kind === 'fill' ? (
              <path key={shape.d} d={shape.d} fill={TONE[shape.tone]} />
            ) : (
              <path key={shape.d} d={shape.d} fill="none" stroke={TONE[shape.tone]} strokeWidth="1" strokeLinecap="round" />
            ),
          )}
        </g>
      ))}
    </svg>
  )
}
