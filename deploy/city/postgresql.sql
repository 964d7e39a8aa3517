-- The centre's database in an existing PostgreSQL (15 or newer), as its administrator, in the database `safecity`:
--   createdb safecity && psql --dbname safecity --file postgresql.sql
-- Then give both roles a way to log in that fits the service: a certificate, SCRAM, or what the provider has.
-- Run again, it changes nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'safecity_ingest') THEN
    CREATE ROLE safecity_ingest LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 64;
  END IF;
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'safecity_read') THEN
    CREATE ROLE safecity_read LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE CONNECTION LIMIT 64;
  END IF;
END
$$;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS safecity AUTHORIZATION safecity_ingest;
GRANT USAGE ON SCHEMA safecity TO safecity_read;
ALTER ROLE safecity_ingest SET search_path = safecity;
ALTER ROLE safecity_read SET search_path = safecity;

-- The ingesters make their tables, and a partition for each month, themselves; consoles and reports read them.
ALTER DEFAULT PRIVILEGES FOR ROLE safecity_ingest IN SCHEMA safecity GRANT SELECT ON TABLES TO safecity_read;
GRANT SELECT ON ALL TABLES IN SCHEMA safecity TO safecity_read;

-- A statement that hangs must not hold up the receipts of a city.
ALTER ROLE safecity_ingest SET statement_timeout = '30s';
ALTER ROLE safecity_ingest SET lock_timeout = '10s';
ALTER ROLE safecity_read SET statement_timeout = '60s';
ALTER ROLE safecity_read SET default_transaction_read_only = on;
-- A receipt tells a box to delete: what it answers for must be on the disk.
ALTER ROLE safecity_ingest SET synchronous_commit = on;
