-- Functions that set their own search path don't see the comparison of citext, which lives in public, and compare e-mails letter by letter:
-- an investor known as Anna@… was a stranger as anna@….
alter function app.private_offer set search_path = app, public, pg_temp;
alter function app.is_offered_to_viewer set search_path = app, public, pg_temp;
alter function app.relationships_of set search_path = app, public, pg_temp;
alter function app.erase_account set search_path = app, public, pg_temp;
