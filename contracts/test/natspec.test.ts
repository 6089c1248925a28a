import { glob, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'chai'

const folder = join(import.meta.dirname, '..')

/** What somebody outside can see: everything that an interface declares; of the rest what can be called, and how it is made. */
function isShown(declaration: string, isInterface: boolean): boolean {
  if (/^(event|error|struct|enum|constructor)\b/.test(declaration)) return true
  if (/^function\b/.test(declaration)) return isInterface || /\b(external|public)\b/.test(declaration)
  return /^(mapping|address|bytes32|uint\d+|ITerra\w+)\b[^;=(]*(\([^)]*\)[^;=]*)?\bpublic\b/.test(declaration)
}

/** Declarations with nothing, or nothing but a hint for developers, above them. */
function undocumented(source: string): string[] {
  const isInterface = /^interface\b/m.test(source)
  const lines = source.split('\n')
  return lines.flatMap((line, index) => {
    if (!/^ {0,4}[a-zA-Z]/.test(line)) return []
    const rest = lines.slice(index).join('\n').trim()
    const declaration = rest.slice(0, rest.search(/[{;]/) + 1)
    if (!isShown(declaration, isInterface)) return []
    let above = index - 1
    while (/^\s*\/\/\/? /.test(lines[above] ?? '')) above--
    const comment = lines.slice(above + 1, index).join('\n')
    const says =
      /^struct\b/.test(declaration) && /@dev/.test(comment) ? true : /\/\/\/ (@notice|@param|@return|@inheritdoc|@title)/.test(comment)
    return says ? [] : [declaration.split('\n')[0]!.trim()]
  })
}

describe('The documentation of the contracts', () => {
  it('leaves out nothing that can be called, logged or refused with', async () => {
    const gaps: string[] = []
    for await (const file of glob('**/*.sol', { cwd: folder })) {
      if (file.startsWith('test/') || file.endsWith('.t.sol')) continue
      for (const gap of undocumented(await readFile(join(folder, file), 'utf8'))) gaps.push(`${file}: ${gap}`)
    }
    expect(gaps).to.deep.equal([])
  })

  it('would see a gap', () => {
    const documented = '/// @notice Says who.\n    function who() external;'
    expect(undocumented(`interface A {\n    ${documented}\n}`)).to.deep.equal([])
    expect(undocumented(`interface A {\n    ${documented}\n    function where() external;\n}`)).to.deep.equal([
      'function where() external;',
    ])
    expect(undocumented('contract A {\n    error Gone();\n    uint40 public immutable span;\n}')).to.deep.equal([
      'error Gone();',
      'uint40 public immutable span;',
    ])
    expect(
      undocumented('contract A {\n    /// @dev Why.\n    function here() public {}\n    function there() private {}\n}'),
    ).to.deep.equal(['function here() public {'])
  })
})
