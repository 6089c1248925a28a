-- Debits of bank accounts: begun, and for days neither here nor refused.
alter table app.payment drop constraint payment_state_check;
alter table app.payment add constraint payment_state_check
check (state in ('open', 'processing', 'succeeded', 'failed', 'cancelled', 'refunded'));
