-- What the role of the service may do: all that the store needs, and no more. Run after `dbmate up` by the owner of
-- the table, with the name of your role for timer_user. It may be run again at any time.

GRANT USAGE ON SCHEMA public TO timer_user;
-- UPDATE is also what FOR SHARE and FOR UPDATE ask for.
GRANT SELECT, INSERT, UPDATE, DELETE ON TABLE public.timers TO timer_user;
