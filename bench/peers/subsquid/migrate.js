const { createOrmConfig } = require('@subsquid/typeorm-config')
const { DataSource } = require('typeorm')

async function main() {
  const source = new DataSource({ ...createOrmConfig(), subscribers: [], synchronize: false, migrationsRun: false, logging: ['error'] })
  await source.initialize()
  await source.runMigrations({ transaction: 'all' })
  await source.destroy()
}

main()
