import { isNode, rangeOf, type SyntaxNode, typeOf, type Visit } from './syntax.ts'

/** One change to a file: bytes from `start` to `end` become `replacement`. */
export interface Edit {
  start: number
  end: number
  replacement: string
}

type Text = (node: SyntaxNode) => string
/** What can be done to a node. `text` reads the source behind a node. */
type Operator = (visit: Visit, text: Text, source: Buffer) => Edit[]

const COMPARISONS: Record<string, string[]> = { '<': ['<='], '<=': ['<'], '>': ['>='], '>=': ['>'], '==': ['!='], '!=': ['=='] }
const ARITHMETIC: Record<string, string[]> = {
  '+': ['-'],
  '-': ['+'],
  '*': ['/'],
  '/': ['*'],
  '%': ['*'],
  '<<': ['>>'],
  '>>': ['<<'],
  '&': ['|'],
  '|': ['&'],
  '+=': ['-='],
  '-=': ['+='],
  '|=': ['&='],
  '&=': ['|='],
}
const LOGIC: Record<string, string[]> = { '&&': ['||'], '||': ['&&'] }

/** The ways in which a contract is broken, by name. */
export const OPERATORS: Record<string, Operator> = {
  'flip comparison': ({ node }, text, source) => exchangeOperator(node, COMPARISONS, text, source),
  'change arithmetic': ({ node }, text, source) => exchangeOperator(node, ARITHMETIC, text, source),
  'exchange and/or': ({ node }, text, source) => exchangeOperator(node, LOGIC, text, source),
  'drop not': ({ node }, text) => {
    if (node.nodeType !== 'UnaryOperation' || node.operator !== '!') return []
    return [{ ...rangeOf(node), replacement: text(node.subExpression as SyntaxNode) }]
  },
  'drop check': ({ node }, _text, source) => (isCheck(node) ? [dropStatement(node, source)] : []),
  'drop modifier': ({ node, parents }) => {
    const isModifier = node.nodeType === 'ModifierInvocation' && node.kind === 'modifierInvocation'
    return isModifier && parents.at(-1)?.kind !== 'constructor' ? [{ ...rangeOf(node), replacement: '' }] : []
  },
  'drop event': ({ node }, _text, source) => (node.nodeType === 'EmitStatement' ? [dropStatement(node, source)] : []),
  'drop statement': ({ node, parents }, _text, source) => {
    if (node.nodeType !== 'ExpressionStatement' || parents.at(-1)?.nodeType === 'ForStatement') return []
    return [dropStatement(node, source)]
  },
  'swap arguments': ({ node }, text) => swapArguments(node, text),
  'change constant': ({ node, parents }, text) => {
    if (node.nodeType !== 'Literal' || node.kind !== 'number' || !isInCode(parents)) return []
    return ['+ 1', '- 1'].map((step) => ({ ...rangeOf(node), replacement: `(${text(node)} ${step})` }))
  },
  'return something else': ({ node }, text) => {
    const value = node.expression
    if (node.nodeType !== 'Return' || !isNode(value)) return []
    return otherValues(typeOf(value), text(value)).map((replacement) => ({ ...rangeOf(value), replacement }))
  },
  'decide beforehand': ({ node }) => {
    if (node.nodeType !== 'IfStatement' && node.nodeType !== 'Conditional') return []
    // Without its condition a check always or never reverts: the latter is "drop check".
    const outcomes = isCheck(node) ? [] : ['true', 'false']
    return outcomes.map((replacement) => ({ ...rangeOf(node.condition as SyntaxNode), replacement }))
  },
}

function exchangeOperator(node: SyntaxNode, exchange: Record<string, string[]>, text: Text, source: Buffer): Edit[] {
  const isAssignment = node.nodeType === 'Assignment'
  if (node.nodeType !== 'BinaryOperation' && !isAssignment) return []
  const [left, right] = (isAssignment ? [node.leftHandSide, node.rightHandSide] : [node.leftExpression, node.rightExpression]) as [
    SyntaxNode,
    SyntaxNode,
  ]
  const operator = node.operator as string
  const between = source.subarray(rangeOf(left).end, rangeOf(right).start)
  const start = rangeOf(left).end + between.indexOf(operator)
  return (exchange[operator] ?? [])
    .filter(() => text(left) !== text(right))
    .map((replacement) => ({ start, end: start + operator.length, replacement }))
}

/** `if (…) revert …;` or a block with nothing but that, and `require(…)`. */
function isCheck(node: SyntaxNode): boolean {
  if (node.nodeType === 'IfStatement' && !isNode(node.falseBody)) {
    const body = node.trueBody as SyntaxNode
    const statements = body.nodeType === 'Block' ? (body.statements as SyntaxNode[]) : [body]
    return statements.length === 1 && statements[0]!.nodeType === 'RevertStatement'
  }
  const called = ((node.expression as SyntaxNode | undefined)?.expression as SyntaxNode | undefined)?.name
  return node.nodeType === 'ExpressionStatement' && called === 'require'
}

/** solc leaves the semicolon out of a statement. */
function dropStatement(node: SyntaxNode, source: Buffer): Edit {
  const { start, end } = rangeOf(node)
  const rest = /^\s*;/.exec(source.toString('latin1', end, end + 200))
  return { start, end: end + (rest?.[0].length ?? 0), replacement: '{}' }
}

function swapArguments(node: SyntaxNode, text: Text): Edit[] {
  if (node.nodeType !== 'FunctionCall' || node.kind === 'typeConversion') return []
  const values = node.arguments as SyntaxNode[]
  return values.slice(1).flatMap((second, index) => {
    const first = values[index]!
    if (typeOf(first) !== typeOf(second) || text(first) === text(second)) return []
    const [{ start, end: between }, { start: resume, end }] = [rangeOf(first), rangeOf(second)]
    if (resume < between) return [] // Named arguments, in another order than the declaration's.
    return [{ start, end, replacement: `${text(second)}, ${text(first)}` }]
  })
}

/** Inside a function or a constant's value, but not in a type such as `uint256[4]`. */
function isInCode(parents: SyntaxNode[]): boolean {
  const types = parents.map(({ nodeType }) => nodeType)
  return (
    types.some((type) => ['FunctionDefinition', 'ModifierDefinition', 'VariableDeclaration'].includes(type)) &&
    !types.includes('ArrayTypeName')
  )
}

function otherValues(type: string, text: string): string[] {
  if (type === 'bool') return [text === 'true' ? 'false' : text === 'false' ? 'true' : `!(${text})`]
  if (/^u?int\d*$/.test(type)) return ['0', `(${text}) + 1`]
  if (type.startsWith('int_const')) return [`(${text}) + 1`]
  if (type === 'address') return ['address(0)']
  if (type === 'bytes32') return ['bytes32(0)']
  return []
}
