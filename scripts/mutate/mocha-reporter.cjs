// What mocha's own JSON reporter writes, without the errors' values: a big integer among them would stop it.
const { writeFileSync } = require('node:fs')

module.exports = class Reporter {
  constructor(runner, { reporterOptions }) {
    const report = { passed: [], failed: [] }
    runner.on('pass', ({ file, duration }) => report.passed.push({ file, duration }))
    runner.on('fail', (test, { message }) => report.failed.push({ file: test.file, name: test.fullTitle(), message }))
    runner.once('end', () => writeFileSync(reporterOptions.output, JSON.stringify(report)))
  }
}
