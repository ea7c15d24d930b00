-- The roles, and who may connect to what. Run once, by a superuser, in an empty database `timer_service`, before the
-- first migration; what timer_user may do with the table comes after it, from db/grants.sql. Plain SQL without
-- passwords, so that any client can run it.

CREATE ROLE timer_owner LOGIN;
CREATE ROLE timer_user LOGIN;

-- By default, every role may connect to every database.
REVOKE ALL ON DATABASE timer_service, postgres, template1 FROM PUBLIC;
GRANT CONNECT ON DATABASE timer_service TO timer_owner, timer_user;
-- `dbmate up` looks there whether timer_service exists.
GRANT CONNECT ON DATABASE postgres TO timer_owner;

ALTER SCHEMA public OWNER TO timer_owner;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
