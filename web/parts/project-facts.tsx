import type { ProjectDetail } from '../../common/wire.ts'
import { energy, moment, money, percent, power, whole } from '../view/format.ts'
import { BUILD_STATUS, EXEMPTION, TECHNOLOGY } from '../view/words.ts'
import { Section } from './section.tsx'

/** The plant and the terms, as facts with their units. */
export function ProjectFacts({ project }: { project: ProjectDetail }) {
  const facts: [string, string, string?][] = [
    ['Technology', TECHNOLOGY[project.technology]],
    ['Stage', BUILD_STATUS[project.buildStatus] ?? project.buildStatus],
    ['Capacity', power(project.capacityKw)],
    ['Expected yield', `${energy(project.annualMwh)} a year`],
    ['Expected return', `${percent(project.expectedReturnBps)} a year`, 'The issuer’s estimate, not a promise'],
    ['Unit price', money(project.unitPriceCents, project.currency)],
    ['Units on offer', whole(project.unitsOffered)],
    ...(project.exemption === null ? [] : ([['Sold under', EXEMPTION[project.exemption]]] as [string, string][])),
    ...(project.closesAt === null ? [] : ([['Closes', moment(project.closesAt), closeNote(project)]] as [string, string, string?][])),
    ['Smallest investment', money(project.minInvestmentCents, project.currency)],
    ['Lock-up', project.lockDays === 0 ? 'None' : `${whole(project.lockDays)} days after each purchase`],
    [
      'Planned exit',
      `after about ${project.exitYears} ${project.exitYears === 1 ? 'year' : 'years'}`,
      'Then every unit goes to the community DAO',
    ],
  ]
  return (
    <Section title="Facts">
      <dl className="numbers grid gap-x-8 sm:grid-cols-2">
        {facts.map(([term, value, note]) => (
          <div key={term} className="flex items-baseline justify-between gap-4 border-t border-line py-2.5">
            <dt className="shrink-0 text-soft">{term}</dt>
            <dd className="text-end font-semibold">
              {value}
              {note && <span className="block text-sm font-normal text-soft">{note}</span>}
            </dd>
          </div>
        ))}
      </dl>
    </Section>
  )
}

function closeNote({ exemption }: ProjectDetail): string | undefined {
  return exemption === 'reg_cf' ? 'You can cancel until 48 hours before' : undefined
}
