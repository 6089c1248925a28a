/**
 * Loaded into a process under test before its own program (`--import`, with `--expose-gc` and an IPC channel): asked for it, collects all
 * garbage and says what is left. Resident memory says little of a leak: a heap takes what it may before it collects.
 */
process.on('message', () => {
  // The first collection runs finalizers, whose leavings the second one takes.
  for (let times = 0; times < 2; times++) (globalThis as { gc?: () => void }).gc!()
  const { heapUsed, external } = process.memoryUsage()
  process.send!(heapUsed + external)
})
