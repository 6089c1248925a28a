import { Link } from '@tanstack/react-router'
import type { ProjectCard as Card } from '../../common/wire.ts'
import { countryName, money, moneyShort, percent, power } from '../view/format.ts'
import { fundingView } from '../view/funding.ts'
import { PROJECT_STATE, TECHNOLOGY } from '../view/words.ts'
import { Chip } from './chip.tsx'
import { FundingBar } from './funding-bar.tsx'
import { LandscapePicture } from './landscape-picture.tsx'

/** A project in a list. The whole card is one link, named by the project. */
export function ProjectCard({ project, level = 2 }: { project: Card; level?: 2 | 3 }) {
  const Heading = level === 2 ? 'h2' : 'h3'
  const state = PROJECT_STATE[project.state]
  return (
    <article className="card group relative flex flex-col overflow-hidden transition-shadow focus-within:shadow-lg hover:shadow-lg">
      <LandscapePicture seed={project.projectId} technologies={[project.technology]} className="h-44 w-full" />
      <div className="flex grow flex-col gap-3 p-5">
        <div className="flex items-start justify-between gap-3">
          <p className="eyebrow">
            {TECHNOLOGY[project.technology]} · {countryName(project.country)}
          </p>
          {project.state !== 'active' && <Chip tone={state.tone}>{state.word}</Chip>}
        </div>
        <Heading className="text-lg!">
          <Link
            to="/projects/$projectId"
            params={{ projectId: String(project.projectId) }}
            className="after:absolute after:inset-0 after:rounded-[1.125rem] group-hover:underline focus-visible:outline-none focus-visible:after:outline-3 focus-visible:after:outline-lumen"
          >
            {project.name}
          </Link>
        </Heading>
        <p className="line-clamp-2 text-sm text-soft">{project.summary}</p>
        <div className="mt-auto flex flex-col gap-2 pt-2">
          <FundingBar project={project} label={`Funding of ${project.name}`} />
          <p className="numbers flex justify-between gap-3 text-sm">
            <span title={money(project.raisedCents, project.currency)}>
              <strong>{moneyShort(project.raisedCents, project.currency)}</strong>{' '}
              <span className="text-soft">of {moneyShort(project.targetCents, project.currency)}</span>
            </span>
            <span className="text-soft">
              {fundingView(project).isSoldOut ? 'Fully sold' : percent(fundingView(project).mintedPercent * 100)}
            </span>
          </p>
          <dl className="numbers mt-2 grid grid-cols-3 gap-2 border-t border-line pt-3 text-sm">
            <Fact term="Expected" value={`${percent(project.expectedReturnBps)} a year`} />
            <Fact term="Unit" value={money(project.unitPriceCents, project.currency)} />
            <Fact term="Size" value={power(project.capacityKw)} />
          </dl>
        </div>
      </div>
    </article>
  )
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="text-soft">{term}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  )
}

/** The same size as a card, while it loads. */
export function ProjectCardBones() {
  return (
    <div className="card overflow-hidden">
      <div className="skeleton h-44 rounded-none" />
      <div className="flex flex-col gap-4 p-5">
        <div className="skeleton h-4 w-1/2" />
        <div className="skeleton h-6 w-4/5" />
        <div className="skeleton h-12 w-full" />
        <div className="skeleton h-3 w-full" />
        <div className="skeleton h-12 w-full" />
      </div>
    </div>
  )
}
