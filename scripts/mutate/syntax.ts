/** A node of solc's syntax tree, as far as it is looked at here. */
export interface SyntaxNode {
  nodeType: string
  /** First byte, length and file of what it stands for. */
  src: string
  [key: string]: unknown
}

export interface Visit {
  node: SyntaxNode
  /** From the file down to what holds the node. */
  parents: SyntaxNode[]
}

/** Every node under `node` and itself, parents first. */
export function* visit(node: SyntaxNode, parents: SyntaxNode[] = []): Generator<Visit> {
  yield { node, parents }
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) if (isNode(child)) yield* visit(child, [...parents, node])
  }
}

export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && typeof (value as SyntaxNode).nodeType === 'string'
}

/** First byte of what the node stands for, and the first byte after it. */
export function rangeOf({ src }: SyntaxNode): { start: number; end: number } {
  const [start, length] = src.split(':').map(Number) as [number, number]
  return { start, end: start + length }
}

/** The type that solc found for an expression, e.g. `uint256`. */
export function typeOf(node: SyntaxNode): string {
  return (node.typeDescriptions as { typeString?: string } | undefined)?.typeString ?? ''
}

/** The contract and function a node stands in, e.g. `Exits.batch`. */
export function placeOf(parents: SyntaxNode[]): string {
  const named = parents.filter(({ nodeType }) => ['ContractDefinition', 'FunctionDefinition', 'ModifierDefinition'].includes(nodeType))
  return named.map((node) => (node.name as string) || (node.kind as string)).join('.')
}
