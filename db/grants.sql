-- What the role of the service may do: all that the store needs, and no more. Run after the migrations by the owner of
-- the tables, with the name of your role for timer_user, and with the search_path that dbmate had if the tables are not in
-- the schema public. It may be run again at any time.

DO $$
BEGIN
  EXECUTE format('GRANT USAGE ON SCHEMA %I TO timer_user', current_schema());
END;
$$;
-- UPDATE is also what FOR SHARE and FOR UPDATE ask for.
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE timers TO timer_user;
-- Of the processes that share out the shards. Without PostgresMembership, nothing asks for it.
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE timer_members TO timer_user;
