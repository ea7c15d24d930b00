-- Run once, by a superuser, in the database timer_service, before the first migration.
-- Roles get their passwords elsewhere, so that none stands here.

-- Owns the tables and migrates them. The service never connects as this role.
CREATE ROLE timer_owner LOGIN;
-- The service: reads and writes rows, and no more.
CREATE ROLE timer_user LOGIN;

REVOKE ALL ON DATABASE timer_service FROM PUBLIC;
GRANT CONNECT ON DATABASE timer_service TO timer_owner, timer_user;

REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO timer_owner;
GRANT USAGE ON SCHEMA public TO timer_user;

-- dbmate's own table, made before the default privileges: what has been migrated is not the service's to write.
CREATE TABLE public.pg_timer_store_migrations (version varchar PRIMARY KEY);
ALTER TABLE public.pg_timer_store_migrations OWNER TO timer_owner;

-- Each table that a migration creates.
ALTER DEFAULT PRIVILEGES FOR ROLE timer_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO timer_user;
