import { quote, type Relation } from './relation.ts'

/** Which rows are wanted. */
export interface Wanted {
  projectId?: number
  fromBlock?: bigint
  toBlock?: bigint
  /** As things stood at the end of this block. */
  asOfBlock?: bigint
}

/** What was asked for doesn't fit the table; the message says why. */
export class NotApplicable extends Error {}

/**
 * SQL for the rows of a table or view, in the order of its key; of a view, in the order of its columns, so that the same snapshot gives
 * the same file.
 * @param values How each column is written, in the relation's order: see `values.ts`
 * @throws NotApplicable when the relation lacks what a condition is about
 */
export function rowsQuery(relation: Relation, wanted: Wanted, values: readonly string[]): string {
  const { label } = relation
  const has = (name: string) => relation.columns.some((column) => column.name === name)
  const conditions: string[] = []
  if (wanted.projectId !== undefined) {
    if (!has('project_id')) throw new NotApplicable(`${label} has no project_id`)
    conditions.push(`project_id = ${wanted.projectId}`)
  }
  if (wanted.fromBlock !== undefined || wanted.toBlock !== undefined) {
    if (!has('block_number')) throw new NotApplicable(`${label} has no block_number`)
    if (wanted.fromBlock !== undefined) conditions.push(`block_number >= ${wanted.fromBlock}`)
    if (wanted.toBlock !== undefined) conditions.push(`block_number <= ${wanted.toBlock}`)
  }
  const state = wanted.asOfBlock === undefined ? undefined : STATES[relation.name]
  if (wanted.asOfBlock !== undefined && state === undefined) {
    if (!has('block_number') || !relation.key.includes('block_number'))
      throw new NotApplicable(
        `${label} can only be had as it is now: past blocks are known of event tables, ${Object.keys(STATES).join(' and ')}`,
      )
    conditions.push(`block_number <= ${wanted.asOfBlock}`)
  }
  const from = state === undefined ? quote(relation.schema, relation.name) : `(${state(wanted.asOfBlock!, wanted.projectId)})`
  const order = relation.key.length > 0 ? relation.key : relation.columns.filter(({ type }) => !UNORDERED.has(type)).map(({ name }) => name)
  return [
    `select ${values.join(', ')}`,
    `from ${from} source`,
    conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`,
    order.length === 0 ? '' : `order by ${order.map((name) => quote(name)).join(', ')}`,
  ].join('\n')
}

/** What is kept as it is now, and known at any block by a function. */
const STATES: Record<string, (block: bigint, projectId?: number) => string> = {
  holding: (block, projectId) =>
    `select held.project_id, held.holder, held.units
    from (select distinct project_id from transfer${projectId === undefined ? '' : ` where project_id = ${projectId}`}) moved
    cross join lateral holding_at(moved.project_id, ${block}) held`,
  claimable: (block) => `select project_id, holder, amount from claimable_at(${block})`,
}

const UNORDERED = new Set(['json', 'xml', 'point'])
