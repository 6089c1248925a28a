require('reflect-metadata')
const { BigIntColumn, Entity, IntColumn, PrimaryColumn, StringColumn } = require('@subsquid/typeorm-store')

class Transfer {
  constructor(props) {
    Object.assign(this, props)
  }
}

class Balance {
  constructor(props) {
    Object.assign(this, props)
  }
}

// What the decorators of a generated model would do.
function describe(entity, columns) {
  Reflect.defineMetadata('design:type', String, entity.prototype, 'id')
  PrimaryColumn()(entity.prototype, 'id')
  for (const [name, column] of Object.entries(columns)) column({ nullable: false })(entity.prototype, name)
  Entity()(entity)
}

describe(Transfer, {
  blockNumber: IntColumn,
  txHash: StringColumn,
  logIndex: IntColumn,
  batchIndex: IntColumn,
  operator: StringColumn,
  fromAddress: StringColumn,
  toAddress: StringColumn,
  projectId: BigIntColumn,
  units: BigIntColumn,
})
describe(Balance, { holder: StringColumn, projectId: BigIntColumn, units: BigIntColumn })

module.exports = { Transfer, Balance }
