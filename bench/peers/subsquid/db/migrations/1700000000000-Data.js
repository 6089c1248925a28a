module.exports = class Data1700000000000 {
  name = 'Data1700000000000'

  async up(db) {
    await db.query(`
      create table transfer (
        id character varying primary key, block_number int4 not null, tx_hash text not null, log_index int4 not null,
        batch_index int4 not null, operator text not null, from_address text not null, to_address text not null,
        project_id numeric not null, units numeric not null
      )`)
    await db.query(
      'create table balance (id character varying primary key, holder text not null, project_id numeric not null, units numeric not null)',
    )
  }

  async down(db) {
    await db.query('drop table transfer')
    await db.query('drop table balance')
  }
}
