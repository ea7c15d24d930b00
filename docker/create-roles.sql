-- The roles, and what they may do. Run once, by a superuser, in an empty database `timer_service`, before the
-- first migration. Plain SQL without passwords, so that any client can run it.

CREATE ROLE timer_owner LOGIN;
CREATE ROLE timer_user LOGIN;

-- By default, every role may connect to every database.
REVOKE ALL ON DATABASE timer_service, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE timer_service TO timer_owner, timer_user;
-- `dbmate up` looks there whether timer_service exists.
GRANT CONNECT ON DATABASE postgres TO timer_owner;

ALTER SCHEMA public OWNER TO timer_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO timer_user;

SET ROLE timer_owner;

-- dbmate creates this table only if it is missing. It is created here, before the default privileges, so that
-- timer_user has none on it.
CREATE TABLE public.pg_timer_store_migrations (version varchar NOT NULL PRIMARY KEY);

-- Default privileges, so that a table that is dropped and created again keeps its grants.
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO timer_user;

RESET ROLE;
