import solc from 'solc'
import { isNode, rangeOf, type SyntaxNode, visit } from '../mutate/syntax.ts'

/** A file rewritten so that each branch has a line of its own. */
export interface Split {
  content: string
  /** For each line of `content`, from 1: the line it stands for in the original, and the branch that begins there. */
  lines: { original: number; branch?: string }[]
  /** Original lines on which functions begin that do something. */
  functions: number[]
}

interface Insertion {
  at: number
  text: string
  /** What is inserted at one place goes from the outer to the inner. */
  depth: number
}

const MARK = '\u0000'

/**
 * Hardhat counts lines and statements only. Here every arm of an `if` (also the `else` that isn't written), of a `?:` and every
 * `try` and `catch` gets a statement that does nothing, on a line of its own, so that it is counted like any line.
 */
export function splitBranches(content: string): Split {
  const source = Buffer.from(content)
  const insertions: Insertion[] = []
  const functions: number[] = []
  for (const { node, parents } of visit(parse(content))) {
    const depth = parents.length
    const add = (at: number, text: string, order = depth) => insertions.push({ at, text, depth: order })
    const line = source.subarray(0, rangeOf(node).start).toString().split('\n').length
    const mark = (arm: string) => `\n${MARK}${line} ${arm}${MARK}0;\n`
    if (isDoing(node)) functions.push(line)
    if (node.nodeType === 'IfStatement') {
      const [yes, no] = [node.trueBody as SyntaxNode, node.falseBody]
      add(rangeOf(yes).start, `{${mark('then')}`)
      const end = endOf(yes, source)
      if (isNode(no)) {
        add(end, '}\n', -depth)
        add(rangeOf(no).start, `{${mark('else')}`)
        add(endOf(no, source), '}', -depth)
      } else add(end, `}\nelse {${mark('else')}}`, -depth)
    }
    if (node.nodeType === 'TryCatchClause') add(rangeOf(node.block as SyntaxNode).start + 1, mark('clause'))
    if (node.nodeType === 'Conditional') {
      const statement = statementOf(parents)
      const condition = rangeOf(node.condition as SyntaxNode)
      const text = source.toString('utf8', condition.start, condition.end).replace(/\s+/g, ' ')
      if (statement) add(rangeOf(statement).start, `if (${text}) {${mark('?')}}\nelse {${mark(':')}}\n`, depth + 0.5)
    }
  }
  return { ...assemble(source, insertions), functions }
}

/** A function or modifier with a body, and something in it. */
function isDoing({ nodeType, body }: SyntaxNode): boolean {
  if (!/^(Function|Modifier)Definition$/.test(nodeType) || !isNode(body)) return false
  return ((body as { statements?: unknown[] }).statements ?? []).length > 0
}

/** The statement in a block or in an arm before which something can be put. */
function statementOf(parents: SyntaxNode[]): SyntaxNode | undefined {
  const at = parents.findLastIndex(({ nodeType }) => /Statement$|^Return$/.test(nodeType))
  const holder = parents[at - 1]
  const isPlain = holder !== undefined && /^(Block|UncheckedBlock|IfStatement)$/.test(holder.nodeType)
  return isPlain ? parents[at] : undefined
}

/** solc leaves the semicolon out of a statement. */
function endOf(node: SyntaxNode, source: Buffer): number {
  const { end } = rangeOf(node)
  return end + (/^\s*;/.exec(source.toString('latin1', end, end + 200))?.[0].length ?? 0)
}

function assemble(source: Buffer, insertions: Insertion[]): Omit<Split, 'functions'> {
  const sorted = insertions.toSorted((one, other) => one.at - other.at || one.depth - other.depth)
  const pieces: { text: string; isOriginal: boolean }[] = []
  let from = 0
  for (const { at, text } of sorted) {
    pieces.push({ text: source.toString('utf8', from, at), isOriginal: true }, { text, isOriginal: false })
    from = at
  }
  pieces.push({ text: source.toString('utf8', from), isOriginal: true })
  const lines: Split['lines'] = [{ original: 1 }]
  let [content, original] = ['', 1]
  for (const { text, isOriginal } of pieces) {
    for (const part of text.split(new RegExp(`(\n|${MARK}[^${MARK}]*${MARK})`))) {
      if (part.startsWith(MARK)) {
        lines.at(-1)!.branch = part.slice(1, -1)
        continue
      }
      content += part
      if (part !== '\n') continue
      if (isOriginal) original++
      lines.push({ original })
    }
  }
  return { content, lines }
}

/** The syntax of one file by itself: nothing it imports is looked at. */
function parse(content: string): SyntaxNode {
  const input = {
    language: 'Solidity',
    sources: { 'one.sol': { content } },
    settings: { stopAfter: 'parsing', outputSelection: { '*': { '': ['ast'] } } },
  }
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: () => ({ contents: '' }) })) as {
    sources?: Record<string, { ast?: SyntaxNode }>
    errors?: { severity: string; formattedMessage: string }[]
  }
  const syntax = output.sources?.['one.sol']?.ast
  if (syntax === undefined) throw new Error(output.errors?.map(({ formattedMessage }) => formattedMessage).join('\n') ?? 'no syntax')
  return syntax
}
