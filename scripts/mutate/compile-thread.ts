import { once } from 'node:events'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Bytecode, type CompilerInput, openCompiler } from './compiler.ts'

export interface CompileThread {
  compile(file: string, content: string): Promise<Map<string, Bytecode> | undefined>
  close(): Promise<void>
}

interface Given {
  input: CompilerInput
  deployed: string[]
}

/** The compiler in a thread of its own: it is synchronous, and takes seconds. */
export function startCompileThread(given: Given): CompileThread {
  const worker = new Worker(new URL(import.meta.url), { workerData: given })
  return {
    async compile(file, content) {
      worker.postMessage({ file, content })
      const [answer] = (await once(worker, 'message')) as [Map<string, Bytecode> | undefined]
      return answer
    },
    close: async () => void (await worker.terminate()),
  }
}

if (!isMainThread && parentPort !== null) {
  const { input, deployed } = workerData as Given
  const names = new Set(deployed)
  const compiler = openCompiler(input, (name) => names.has(name))
  const port = parentPort
  port.on('message', ({ file, content }: { file: string; content: string }) => port.postMessage(compiler.compile(file, content)))
}
