import { useQuery } from '@tanstack/react-query'
import { useApi } from '../app.tsx'
import { ecspQuery } from '../queries.ts'
import { KnowledgeTestPart } from './knowledge-test.tsx'
import { LossPart } from './loss-simulation.tsx'
import { QueryPart } from './query-part.tsx'
import { Section } from './section.tsx'
import { SophisticationPart } from './sophistication.tsx'

/** What the European crowdfunding regulation asks of an investor: a test, a simulation, and for some a request. */
export function EcspSection() {
  const query = useQuery(ecspQuery(useApi()))
  return (
    <Section title="European crowdfunding">
      <p className="max-w-prose text-soft">
        Needed only for offerings under Regulation (EU) 2020/1503. Whatever comes out of it, you may invest: the law wants you to be warned,
        not to be kept away.
      </p>
      <div className="mt-4">
        <QueryPart query={query} what="where you stand" isEmpty={() => false} empty={null}>
          {(standing) => (
            <div className="flex flex-col gap-4">
              <KnowledgeTestPart key={standing.test?.takenAt} standing={standing} />
              <LossPart key={standing.simulation?.simulatedAt ?? 'none'} simulation={standing.simulation} />
              <SophisticationPart sophistication={standing.sophistication} />
            </div>
          )}
        </QueryPart>
      </div>
    </Section>
  )
}
