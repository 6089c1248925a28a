import { Link } from '@tanstack/react-router'
import type { ProjectDetail } from '../../common/wire.ts'
import { money, percent, whole } from '../view/format.ts'
import { fundingView } from '../view/funding.ts'
import { PROJECT_STATE } from '../view/words.ts'
import { FundingBar } from './funding-bar.tsx'

/** What is raised, at which block that was true, and the way in. */
export function ProjectOffer({ project }: { project: ProjectDetail }) {
  const view = fundingView(project)
  const isOpen = project.state === 'active' && !view.isSoldOut
  return (
    <div className="card p-6">
      <p className="numbers font-display text-2xl font-semibold">{money(project.raisedCents, project.currency)}</p>
      <p className="numbers mb-4 text-soft">
        raised of {money(project.targetCents, project.currency)} · {percent(view.mintedPercent * 100)}
      </p>
      <FundingBar project={project} label={`Funding of ${project.name}`} />
      {project.onChain && <p className="numbers mt-2 text-sm text-soft">As the chain had it at block {whole(project.onChain.asOfBlock)}</p>}
      <dl className="numbers mt-5 grid grid-cols-2 gap-4 border-t border-line pt-4">
        <Fact term="Unit price" value={money(project.unitPriceCents, project.currency)} />
        <Fact term="Units left" value={whole(project.unitsRemaining)} />
        <Fact term="Holders" value={whole(project.holders)} />
        <Fact term="Expected" value={`${percent(project.expectedReturnBps)} a year`} />
      </dl>
      {isOpen ? (
        <Link to="/projects/$projectId/invest" params={{ projectId: String(project.projectId) }} className="btn btn-main mt-6 w-full">
          Invest in this project
        </Link>
      ) : (
        <p className="mt-6 rounded-xl bg-mist px-4 py-3">
          {view.isSoldOut && project.state === 'active'
            ? 'Every unit is sold or reserved. Reserved units come back if somebody doesn’t pay.'
            : PROJECT_STATE[project.state].meaning}
        </p>
      )}
      <p className="mt-3 text-sm text-soft">
        From {money(project.minInvestmentCents, project.currency)}. You see whether you may invest before you pay.
      </p>
    </div>
  )
}

function Fact({ term, value }: { term: string; value: string }) {
  return (
    <div>
      <dt className="text-sm text-soft">{term}</dt>
      <dd className="font-semibold">{value}</dd>
    </div>
  )
}
